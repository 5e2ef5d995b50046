export default async function stopKafka() {
  const { kafka } = globalThis.testKafka;
  globalThis.testKafka = {};
  await kafka?.remove();
}
