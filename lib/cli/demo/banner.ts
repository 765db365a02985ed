import type { Stack } from './stack'

const row = (left: string, right: string) => `  ${left.padEnd(16)}${right}`

export const bannerOf = (stack: Stack, files: { demo: string; log: string }): string[] => [
  '',
  `Clasper is running (demo): ${stack.url}/ops`,
  '',
  'Choose a person on the sign-in page, then Continue. No password is asked.',
  ...stack.people.map(({ name, title, tenantId }) => row(name, `${title} · ${tenantId}`)),
  '',
  row('API', `${stack.url}/health`),
  row('Service key', `in ${files.demo} (service_key)`),
  row('Log', files.log),
  '',
  'Ctrl-C stops everything.',
  '',
]
