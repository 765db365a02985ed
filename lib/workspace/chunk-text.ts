const MOST = 1_200
const OVERLAP = 200

const isLow = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff
}

// Never begins or ends inside a pair of surrogates.
const edge = (text: string, at: number): number => (at < text.length && isLow(text, at) ? at - 1 : at)

const slices = (paragraph: string): string[] => {
  const found: string[] = []
  for (let start = 0; ; ) {
    const end = edge(paragraph, Math.min(paragraph.length, start + MOST))
    found.push(paragraph.slice(start, end))
    if (end >= paragraph.length) return found
    start = edge(paragraph, end - OVERLAP)
  }
}

// Whole paragraphs together while they fit; a long one is cut, with an overlap so that no sentence is lost between.
export const chunkText = (text: string): string[] => {
  const chunks: string[] = []
  let open = ''
  const close = () => {
    if (open !== '') chunks.push(open)
    open = ''
  }
  for (const paragraph of text.split(/\r?\n[ \t]*\r?\n/).map((part) => part.trim())) {
    if (paragraph === '') continue
    const together = open === '' ? paragraph : `${open}\n\n${paragraph}`
    if (together.length <= MOST) open = together
    else {
      close()
      if (paragraph.length <= MOST) open = paragraph
      else chunks.push(...slices(paragraph))
    }
  }
  close()
  return chunks
}
