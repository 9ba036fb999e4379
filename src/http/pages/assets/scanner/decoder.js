// Reads QR codes in a thread of its own, for browsers that cannot by themselves.

importScripts(new URL("zxing/reader.js", self.location.href).href);

const ready = ZXingWASM.prepareZXingModule({
  overrides: { locateFile: (name) => new URL(`zxing/${name}`, self.location.href).href },
  fireImmediately: true,
});

const HOW = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };

self.onmessage = async ({ data }) => {
  try {
    await ready;
    const image = new ImageData(new Uint8ClampedArray(data.buffer), data.width, data.height);
    const [found] = await ZXingWASM.readBarcodes(image, HOW);
    self.postMessage({ text: found ? found.text : "" });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
