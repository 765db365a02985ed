import { callModel, type ModelAnswer, type ModelCall } from '@/lib/providers'

// Who answers a run: a provider, or the record of a run before.
export type ModelPort = {
  // Nobody is asked, so nothing is held and nothing is charged.
  isRecorded: boolean
  // False where the run before ended for want of money.
  mayGoOn(): boolean
  call(call: ModelCall): Promise<ModelAnswer>
}

export const PROVIDERS: ModelPort = { isRecorded: false, mayGoOn: () => true, call: callModel }
