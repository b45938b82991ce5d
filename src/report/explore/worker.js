// One engine: answers the page's questions, one after the other.
"use strict";
let engine;

function ask(request, bytes) {
  const json = new TextEncoder().encode(JSON.stringify(request));
  const length = 4 + json.length + (bytes ? bytes.length : 0);
  const at = engine.allocate(length);
  const room = new Uint8Array(engine.memory.buffer, at, length);
  new DataView(engine.memory.buffer).setUint32(at, json.length, true);
  room.set(json, 4);
  if (bytes) room.set(bytes, 4 + json.length);
  const found = engine.ask(at, length);
  const view = new DataView(engine.memory.buffer);
  const whole = view.getUint32(found, true);
  const size = view.getUint32(found + 4, true);
  const text = new TextDecoder().decode(new Uint8Array(engine.memory.buffer, found + 8, size));
  const rest = new Uint8Array(engine.memory.buffer, found + 8 + size, whole - 4 - size).slice();
  engine.release(found, whole);
  return { answer: JSON.parse(text), bytes: rest };
}

onmessage = function (event) {
  const { id, module, request, bytes } = event.data;
  if (module) {
    // The drawing library asks for a browser that it never uses.
    const imports = {};
    WebAssembly.Module.imports(module).forEach(function (entry) {
      imports[entry.module] = imports[entry.module] || {};
      imports[entry.module][entry.name] = function () { throw new Error("there is no " + entry.name); };
    });
    engine = new WebAssembly.Instance(module, imports).exports;
    return;
  }
  let found;
  try {
    found = ask(request, bytes);
  } catch (error) {
    found = { answer: { error: "the engine stopped: " + error.message, broken: true }, bytes: new Uint8Array() };
  }
  postMessage({ id: id, answer: found.answer, bytes: found.bytes }, [found.bytes.buffer]);
};
