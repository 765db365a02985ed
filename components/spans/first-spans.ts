// Asked for by the server while it paints the page and by the browser after it, so both hold the same key.
export const FIRST_SPANS = { limit: '200' } as const
