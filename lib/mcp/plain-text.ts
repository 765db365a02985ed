// What a terminal, a log or a reader may act on, and what is there without being seen: texts of servers have none of it.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Variation_Selector}]/gu

/** The text of somebody who is not trusted: bounded, and nothing in it but what can be seen. */
export const plainText = (text: unknown, most: number): string => {
  const whole = typeof text === 'string' ? text.slice(0, most * 4) : ''
  const plain = whole.replace(/[\t\r\n]+/g, ' ').replace(UNSEEN, '')
  const letters = [...plain]
  return letters.length > most ? `${letters.slice(0, most).join('')}…` : plain
}
