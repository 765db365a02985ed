'use client'

import { useEffect } from 'react'

export const AutoStart = ({ href }: { href: string }) => {
  useEffect(() => location.replace(href), [href])
  return null
}
