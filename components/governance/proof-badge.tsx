import { Hourglass, ShieldAlert, ShieldCheck, Stamp } from 'lucide-react'
import { Badge } from '@/components/ui/badge'

export const ProofBadge = ({ proven }: { proven: boolean }) =>
  proven ? (
    <Badge tone="ok" icon={ShieldCheck}>
      Proven
    </Badge>
  ) : (
    <Badge tone="bad" icon={ShieldAlert}>
      Proof fails
    </Badge>
  )

export const SealBadge = ({ sealed }: { sealed: boolean }) =>
  sealed ? (
    <Badge tone="accent" icon={Stamp}>
      Sealed
    </Badge>
  ) : (
    <Badge tone="system" icon={Hourglass}>
      Not sealed yet
    </Badge>
  )
