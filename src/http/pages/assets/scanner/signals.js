// A short sound and a vibration beside each answer, when the person asked for them.

let audio;

const TONES = {
  yes: [
    [660, 0, 0.09],
    [990, 0.1, 0.16],
  ],
  wait: [[520, 0, 0.18]],
  no: [[200, 0, 0.45]],
};

/** Readies the sound: browsers allow it only after a touch. */
export function wake() {
  if (!audio && "AudioContext" in self) audio = new AudioContext();
  if (audio) audio.resume();
}

/** `kind` is "yes", "no" or "wait". */
export function signal(kind) {
  if (navigator.vibrate) navigator.vibrate(kind === "no" ? [180, 80, 180] : 70);
  if (!audio) return;
  for (const [pitch, after, length] of TONES[kind]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + after);
    tone.stop(audio.currentTime + after + length);
  }
}
