// The few instructions that our own Dockerfile uses, read so that a test can follow them without an engine.
export type Copy = { from: readonly string[]; to: string; stage: string | null }

export type Stage = {
  base: string
  name: string | null
  env: Readonly<Record<string, string>>
  copies: readonly Copy[]
  runs: readonly string[]
  user: string
  healthcheck: readonly string[] | null
  entrypoint: readonly string[]
  command: readonly string[]
}

type Draft = { -readonly [Key in keyof Stage]: Stage[Key] }

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    words(text).map((word) => {
      const at = word.indexOf('=')
      return [word.slice(0, at), word.slice(at + 1)]
    }),
  )

const copyOf = (text: string): Copy => {
  const parts = words(text)
  const from = parts.find((part) => part.startsWith('--from='))
  const paths = parts.filter((part) => !part.startsWith('--'))
  return { from: paths.slice(0, -1), to: paths.at(-1) ?? '', stage: from?.slice('--from='.length) ?? null }
}

const strings = (text: string): string[] => JSON.parse(text) as string[]

const INSTRUCTIONS: Readonly<Record<string, (stage: Draft, text: string) => void>> = {
  ENV: (stage, text) => {
    stage.env = { ...stage.env, ...pairs(text) }
  },
  COPY: (stage, text) => {
    stage.copies = [...stage.copies, copyOf(text)]
  },
  RUN: (stage, text) => {
    stage.runs = [...stage.runs, text]
  },
  USER: (stage, text) => {
    stage.user = text
  },
  HEALTHCHECK: (stage, text) => {
    stage.healthcheck = strings(text.slice(text.indexOf('[')))
  },
  ENTRYPOINT: (stage, text) => {
    stage.entrypoint = strings(text)
  },
  CMD: (stage, text) => {
    stage.command = strings(text)
  },
  WORKDIR: () => undefined,
  VOLUME: () => undefined,
  EXPOSE: () => undefined,
}

const begin = (text: string): Draft => {
  const [base = '', , name] = words(text)
  return {
    ...{ base, name: name ?? null, env: {}, copies: [], runs: [] },
    ...{ user: 'root', healthcheck: null, entrypoint: [], command: [] },
  }
}

export const stagesOf = (source: string): readonly Stage[] => {
  const stages: Draft[] = []
  for (const line of source.split('\n')) {
    const [, name, text] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? []
    if (name === undefined || text === undefined) continue
    const stage = stages.at(-1)
    if (name === 'FROM') stages.push(begin(text))
    else if (stage && INSTRUCTIONS[name]) INSTRUCTIONS[name](stage, text)
    else throw new Error(`The Dockerfile has an instruction that is not followed here: ${line}`)
  }
  return stages
}
