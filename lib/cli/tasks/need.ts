import { capture, type Extra } from './child'
import { StepFailed, tail } from './step'

// Runs a program whose failure ends the step; its last lines are the reason.
export const need = async (command: string, args: readonly string[], extra: Extra = {}): Promise<string> => {
  const outcome = await capture(command, args, extra)
  if (outcome.code === 0) return outcome.stdout
  const reason = tail(outcome.output) || 'It printed nothing.'
  throw new StepFailed(`${reason}\n\n${[command, ...args].join(' ')} ended with code ${outcome.code}.`)
}
