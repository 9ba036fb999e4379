// Finds what a person means by the words they read: arguments are the kind, the words, and for a
// choice the words of the option.
const [kind, words, option] = arguments;
const plain = (text) => (text ?? '').replace(/[\s\u00a0\u202f]+/g, ' ').replace(/’/g, "'").trim();
const near = (text, meant) => {
  const read = plain(text);
  return read === meant ? 3 : read.startsWith(meant) ? 2 : read.includes(meant) ? 1 : 0;
};
// The options of a closed list are not drawn.
const seen = (element) => element.closest('select') ?? element;
const best = (candidates, meant) => {
  let [found, most] = [null, 0];
  for (const [element, text] of candidates) {
    const score = near(text, plain(meant));
    if (score > most && seen(element).checkVisibility({ visibilityProperty: true })) {
      [found, most] = [element, score];
    }
  }
  return found;
};
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const ticked = (control) => ['radio', 'checkbox'].includes(control?.type);
const named = (selector) => all(selector).map((element) => [element, element.ariaLabel || element.textContent]);
const fields = () => [
  ...all('label').filter((label) => label.control && !ticked(label.control)).map((label) => [label.control, label.textContent]),
  ...named('input[aria-label], select[aria-label], textarea[aria-label]'),
];
const ticks = (inside) => all('label', inside).filter((label) => ticked(label.control)).map((label) => [label, label.textContent]);
switch (kind) {
  case 'field': return best(fields(), words);
  case 'tick': return best(ticks(), words);
  case 'button': return best(named('button, summary, [role=button]'), words);
  case 'link': return best(named('a[href]'), words);
  case 'option': {
    const select = best(fields(), words);
    if (select) return best(all('option', select).map((one) => [one, one.textContent]), option);
    const group = best(all('fieldset').map((one) => [one, one.querySelector('legend')?.textContent]), words);
    return group && best(ticks(group), option);
  }
}
