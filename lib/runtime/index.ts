// The one run loop: from a message to a recorded, governed answer. Send, stream, compact, llm-task and everything that
// runs an agent later goes through here.
export { compact } from './compact'
export { deliverLater } from './deliver-later'
export { endInterrupted, expireHold } from './interrupted'
export { llmTask } from './llm-task'
export { DELIVERY_JOB } from './parcel'
export { playground, tryOut } from './playground'
export { replayContext } from './replay/replay-context'
export { replayTrace } from './replay/replay-trace'
export { send } from './send'
export { stream } from './stream'
