// The live camera: looks at frames until it is stopped, and tells every QR code it reads.

const LARGEST = 960;
const MISHAPS = 3;

/** Whether a camera may be asked for here. */
export const hasCamera = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

/** The browser's own reader of QR codes, where it has one. */
async function ownReader() {
  if (!("BarcodeDetector" in self)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => {
    const [found] = await detector.detect(video);
    return found ? found.rawValue : "";
  };
}

/** The WebAssembly reader, in a thread of its own. */
function threadReader() {
  const thread = new Worker(new URL("./decoder.js", import.meta.url));
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) =>
    new Promise((resolve, reject) => {
      const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
      thread.onmessage = (event) => {
        if (event.data.failed) reject(new Error(event.data.failed));
        else resolve(event.data.text);
      };
      thread.onerror = () => reject(new Error("no decoder"));
      thread.postMessage({ buffer: data.buffer, width, height }, [data.buffer]);
    });
}

/**
 * Opens the camera into `video` and calls `found(text)` for each QR code in view, again and again.
 * Answers a function that closes it. Throws when there is no camera or no permission.
 */
export async function watch(video, found, failed) {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 } },
  });
  video.srcObject = stream;
  await video.play();
  let open = true;
  const own = await ownReader();
  let read = own || threadReader();
  const close = () => {
    open = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  const fails = (why) => {
    if (open) {
      close();
      failed(why);
    }
  };
  for (const track of stream.getVideoTracks()) {
    track.addEventListener("ended", () => fails("ended"));
    // Another programme, or a switch on the device, took the camera away.
    track.addEventListener("mute", () => fails("ended"));
  }
  const look = async () => {
    let mishaps = 0;
    while (open) {
      try {
        const text = video.videoWidth > 0 && !document.hidden ? await read(video) : "";
        mishaps = 0;
        if (open) found(text);
      } catch {
        mishaps += 1;
        // The browser's own reader may be there and not work.
        if (mishaps === MISHAPS && own) read = threadReader();
        if (mishaps > 2 * MISHAPS) fails("decoder");
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 80);
      });
    }
  };
  look();
  return close;
}
