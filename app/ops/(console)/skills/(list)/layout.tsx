import { consoleGate } from '@/lib/http/console-page'

export default consoleGate('/ops/skills', 'skill:view')
