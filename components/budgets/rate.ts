// Dollars per million tokens: cents at least, and as many digits as there are.
export const rate = (dollars: number): string => {
  const exact = String(Number(dollars.toFixed(6)))
  const digits = exact.split('.')[1]?.length ?? 0
  return `$${dollars.toFixed(Math.max(2, Math.min(6, digits)))}`
}
