import type { Stack } from './stack'

type Shown = { demo: string; log: string; model: string }

const row = (left: string, right: string) => `  ${left.padEnd(16)}${right}`

const ASKED = {
  user_id: 'ada',
  session_key: 'user:ada:agent',
  task_title: 'Order 1042',
  message: 'Look up order "1042"',
}

// The key stays in its file: what stands in a terminal ends in a screenshot.
export const curlFor = (url: string, path: string, flags: string): string[] => [
  `    curl ${flags} ${url}${path} \\`,
  `      -H "X-Agent-Daemon-Key: $KEY" -H 'content-type: application/json' \\`,
  `      -d '${JSON.stringify(ASKED)}'`,
]

const tryOut = (stack: Stack, { demo }: Shown): string[] => [
  'Ask the agent, as a backend does (the second one streams):',
  `    KEY=$(node -p 'JSON.parse(fs.readFileSync("${demo}", "utf8")).service_key')`,
  ...curlFor(stack.url, '/api/agents/send', '-sS'),
  ...curlFor(stack.url, '/api/agents/stream', '-sSN'),
]

export const bannerOf = (stack: Stack, shown: Shown): string[] => [
  '',
  `Clasper is running (demo): ${stack.url}/ops`,
  '',
  'Choose a person on the sign-in page, then Continue. No password is asked.',
  ...stack.people.map(({ name, title, tenantId }) => row(name, `${title} · ${tenantId}`)),
  '',
  row('Playground', `${stack.url}/ops/playground`),
  row('Backend', `${stack.backendUrl} (its tasks and messages)`),
  row('Model', shown.model),
  row('API', `${stack.url}/health`),
  row('Service key', `in ${shown.demo} (service_key)`),
  row('Log', shown.log),
  '',
  ...tryOut(stack, shown),
  '',
  'Ctrl-C stops everything.',
  '',
]
