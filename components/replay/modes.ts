import type { ReplayMode } from '@/lib/runtime/contract'

type ModeWords = { mode: ReplayMode; name: string; does: string; costs: string; never: string }

export const MODES: readonly ModeWords[] = [
  {
    mode: 'strict',
    name: 'Strict',
    does: 'Plays the recorded answers and results through the rules and files that you choose, and ends where they lead elsewhere.',
    costs: 'Costs nothing: no model is asked.',
    never: 'No tool is called, nothing is posted.',
  },
  {
    mode: 'semantic',
    name: 'Semantic',
    does: 'Asks the model anew; tools answer as they did in the record.',
    costs: 'Costs what a run costs, on the budget of this tenant.',
    never: 'No tool is called, nothing is posted.',
  },
  {
    mode: 'live',
    name: 'Live',
    does: 'Asks the model anew and calls tools that only read; what they say now may differ.',
    costs: 'Costs what a run costs, on the budget of this tenant.',
    never: 'Tools that write are never called, nothing is posted.',
  },
]
