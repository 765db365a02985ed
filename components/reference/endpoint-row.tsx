'use client'

import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Badge, type Tone } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { EndpointBody } from './endpoint-body'
import type { Endpoint } from './openapi'

const TONES: Record<string, Tone> = { GET: 'info', POST: 'ok', PUT: 'warn', PATCH: 'warn', DELETE: 'bad' }

export const EndpointRow = ({ endpoint }: { endpoint: Endpoint }) => {
  const [open, setOpen] = useState(false)
  const panel = `${endpoint.operationId}-panel`
  return (
    <li id={endpoint.operationId} className="scroll-mt-16">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={panel}
          onClick={() => setOpen(!open)}
          className="grid min-h-9 w-full grid-cols-[14px_56px_1fr] items-center gap-3 px-4 py-1.5 rail:grid-cols-[14px_56px_2fr_3fr] text-left text-table hover:bg-hover focus-visible:-outline-offset-2"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-3.5 shrink-0 text-ink-muted transition-transform', open && 'rotate-90')}
          />
          <Badge tone={TONES[endpoint.method] ?? 'system'} className="w-14 justify-center font-mono">
            {endpoint.method}
          </Badge>
          <span className="min-w-0 break-all font-mono text-ink text-meta">{endpoint.path}</span>
          <span className="truncate text-ink-muted max-rail:hidden">{endpoint.summary}</span>
        </button>
      </h3>
      <div id={panel} hidden={!open} className="border-line border-t bg-canvas px-4 py-4 sheet:pl-11">
        {open ? <EndpointBody endpoint={endpoint} /> : null}
      </div>
    </li>
  )
}
