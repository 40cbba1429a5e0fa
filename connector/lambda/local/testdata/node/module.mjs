export const handler = async (event) => ({ esm: event });
export const nested = { inner: { handler: async () => undefined } };
