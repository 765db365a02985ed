'use client'

import { CircleHelp, Keyboard, LogOut, ShieldQuestion, UserRound } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu'
import { roleName } from './role-names'
import { signOut } from './sign-out'
import { useViewer } from './viewer'

type PersonMenuProps = { onExplain: () => void; onHelp: () => void; onWho: () => void }

const initialsOf = (name: string): string =>
  name
    .split(/[\s._@-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((part) => part[0]?.toUpperCase() ?? '')
    .join('')

export const PersonMenu = ({ onExplain, onHelp, onWho }: PersonMenuProps) => {
  const { user } = useViewer().me
  const name = user.name ?? user.email ?? user.id
  const trigger = (
    <Button look="quiet" size="icon" className="rounded-full">
      <span className="sr-only">
        {name}, {roleName(user.role)}
      </span>
      <span
        aria-hidden
        className="grid size-7 place-items-center rounded-full bg-accent-soft font-semibold text-accent text-meta"
      >
        {initialsOf(name)}
      </span>
    </Button>
  )
  return (
    <Menu trigger={trigger} label="Person" wide>
      <div className="px-2 pt-2 pb-1.5">
        <p className="truncate font-medium text-ink text-table">{name}</p>
        {user.email && user.email !== name ? <p className="truncate text-ink-muted text-meta">{user.email}</p> : null}
        <p className="mt-1 text-ink-muted text-meta">
          {roleName(user.role)} in {user.tenant_id}
        </p>
      </div>
      <MenuLine />
      <MenuItem onSelect={onWho}>
        <UserRound aria-hidden /> Who am I
      </MenuItem>
      <MenuItem onSelect={onExplain}>
        <ShieldQuestion aria-hidden /> Why can I not…?
      </MenuItem>
      <MenuItem onSelect={onHelp}>
        <Keyboard aria-hidden /> Keyboard map
      </MenuItem>
      <MenuItem asChild>
        <a href="/ops/reference">
          <CircleHelp aria-hidden /> API reference
        </a>
      </MenuItem>
      <MenuLine />
      <MenuItem onSelect={signOut}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  )
}
