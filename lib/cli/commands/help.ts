import { type Command, DONE } from '../command'

const WIDTH = 36

export const helpOf = (commands: readonly Command[]): string[] => [
  'Clasper: run AI agents in production and stay in charge of them.',
  '',
  'Usage: clasper <command>',
  '',
  ...commands
    .filter(({ hidden }) => !hidden)
    .map(({ usage, summary }) => `  ${usage.replace(/^clasper /, '').padEnd(WIDTH)}${summary}`),
  '',
  'Settings come from the environment; docs/CONFIGURATION.md lists them.',
]

export const helpFor = (commands: () => readonly Command[]): Command => ({
  name: 'help',
  usage: 'clasper help [command]',
  summary: 'show this list, or how one command is used',
  run: async ([name], { out }) => {
    const one = commands().find((command) => command.name === name)
    for (const line of one ? [`Usage: ${one.usage}`, '', `  ${one.summary}`] : helpOf(commands())) out(line)
    return DONE
  },
})
