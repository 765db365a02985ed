import { ConsoleShell } from '@/components/shell/console-shell'
import { me } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import { consoleFrame } from '@/lib/http/console-page'
import { version } from '@/package.json'

export default consoleFrame(async (scope, children) => (
  <ConsoleShell viewer={{ me: await me(scope), profile: kernel().env.profile, version }}>{children}</ConsoleShell>
))
