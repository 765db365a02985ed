import type { EnvironmentView } from '@/lib/workspace/contract/environments'
import type { ListedVersion } from '@/lib/workspace/contract/version'

export type CardProps = {
  workspaceId: string
  environment: EnvironmentView
  // The one before it on the board.
  before: EnvironmentView | null
  all: readonly EnvironmentView[]
  recent: readonly ListedVersion[]
}

export type ActProps = CardProps & { open: boolean; onOpenChange: (open: boolean) => void }
