import { consoleGate } from '@/lib/http/console-page'

export default consoleGate('/ops/evals/datasets', 'eval:view')
