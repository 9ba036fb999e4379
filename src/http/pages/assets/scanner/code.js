// The code people type and the QR holds: the same rules as src/domain/code.rs. A test puts the
// same texts to both.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FOLDED = { O: "0", I: "1", L: "1", U: "V" };

/**
 * Reads what the QR holds or what was typed. Answers `{ code }`, sixteen symbols, or `{ slip }`:
 * "shape" (too short, too long, a sign no code has), "serial" (the stub's number) or "check".
 */
export function readCode(text) {
  if (text.length > 256) return { slip: "shape" };
  const upper = text.trim().toUpperCase();
  const at = upper.lastIndexOf("/P/");
  const typed = at < 0 ? upper : upper.slice(at + 3);
  const symbols = symbolsOf(typed);
  if (!symbols) return { slip: "shape" };
  if (symbols.length === 16) {
    return checks(symbols) ? { code: symbols.map((symbol) => ALPHABET[symbol]).join("") } : { slip: "check" };
  }
  return { slip: symbols.length === 12 && checks(symbols) ? "serial" : "shape" };
}

/** The symbols typed so far, in groups of four, and how many are still missing. */
export function progress(text) {
  const symbols = symbolsOf(text.trim().toUpperCase());
  return symbols ? { count: symbols.length } : { strange: true };
}

function symbolsOf(text) {
  const symbols = [];
  for (const letter of text) {
    if (/[\s\-–_.]/u.test(letter)) continue;
    const symbol = ALPHABET.indexOf(FOLDED[letter] || letter);
    if (symbol < 0) return null;
    symbols.push(symbol);
  }
  return symbols;
}

function checks(symbols) {
  let high = 0;
  let low = 0;
  for (const symbol of symbols.slice(0, -2)) {
    const feedback = symbol ^ high;
    [high, low] = [low ^ multiply(feedback, 6), multiply(feedback, 8)];
  }
  return high === symbols[symbols.length - 2] && low === symbols[symbols.length - 1];
}

// In GF(32) = GF(2)[x]/(x⁵ + x² + 1).
function multiply(a, b) {
  let product = 0;
  for (let bit = 4; bit >= 0; bit -= 1) {
    product <<= 1;
    if (product & 32) product ^= 37;
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}
