'use client'

import { FlaskConical } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Tooltip } from '@/components/ui/tooltip'

const WORDS: Record<string, { label: string; tip: string }> = {
  demo: { label: 'Demo', tip: 'Demo profile: people, keys and data are examples. Not for production.' },
  development: { label: 'Development', tip: 'Development profile: example sign-in, hot reload. Not for production.' },
  test: { label: 'Test', tip: 'Test profile: everything here is thrown away.' },
}

export const ProfileBadge = ({ profile }: { profile: string }) => {
  const words = WORDS[profile]
  if (!words) return null
  return (
    <Tooltip text={words.tip}>
      <button type="button" className="rounded-sm" aria-label={words.tip}>
        <Badge tone="warn" icon={FlaskConical}>
          {words.label}
        </Badge>
      </button>
    </Tooltip>
  )
}
