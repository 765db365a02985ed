import { cn } from '@/components/ui/cn'
import { linkStyle, shortVersion, workspaceHref } from './workspace-words'

type VersionLinkProps = { workspaceId: string; hash: string; className?: string }

/** A version by its first digits, leading to its files. */
export const VersionLink = ({ workspaceId, hash, className }: VersionLinkProps) => (
  <a
    href={workspaceHref(workspaceId, { version: hash })}
    title={hash}
    className={cn('font-mono text-meta', linkStyle, className)}
  >
    <span className="sr-only">Version </span>
    {shortVersion(hash)}
  </a>
)
