// `mail-send`, `mail_send` and `Mail.Send` are one tool to a policy: a rule is not evaded by spelling.
export const policyToolName = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/[-_]/g, '.')

// `*` stands for all, `ns:*` for all that begin with `ns:`.
export const isToolNamed = (pattern: string, tool: string): boolean => {
  const wanted = policyToolName(pattern)
  const name = policyToolName(tool)
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted
}

export const toolGroupOf = (tool: string): string => policyToolName(tool).split(/[:.]/)[0] ?? ''
