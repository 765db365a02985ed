'use client'

import { TriangleAlert } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { DialogFooter } from '@/components/ui/dialog'
import type { ServiceScope } from '@/lib/shared/rbac'

const useOrigin = (): string =>
  useSyncExternalStore(
    () => () => undefined,
    () => location.origin,
    () => '',
  )

// The line must work as it stands, so it asks for something that the key may have.
const lineFor = (origin: string, secret: string, scopes: readonly ServiceScope[]): string => {
  const path = scopes.includes('read') ? '/audit?limit=5' : scopes.includes('admin') ? '/keys' : '/api/whoami'
  return `curl -H 'X-Agent-Daemon-Key: ${secret}' '${origin}${path}'`
}

type KeySecretProps = { secret: string; scopes: readonly ServiceScope[]; onDone: () => void }

export const KeySecret = ({ secret, scopes, onDone }: KeySecretProps) => {
  const origin = useOrigin()
  return (
    <div className="grid gap-4">
      <p className="flex items-start gap-2 rounded-md bg-warn-soft px-3 py-2 text-table text-warn">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
        Copy it now. Only a hash is stored, so nobody can show it again.
      </p>
      <CodeBlock label="Secret" code={secret} anywhere />
      <CodeBlock label="Try it" code={lineFor(origin, secret, scopes)} anywhere />
      <DialogFooter>
        <Button look="primary" onClick={onDone}>
          I have copied it
        </Button>
      </DialogFooter>
    </div>
  )
}
