import { consoleGate } from '@/lib/http/console-page'

export default consoleGate('/ops/evals/datasets/{name}', 'eval:view')
