'use client'

import { useEffect, useState } from 'react'

/** A value once it has stood still for a moment: nobody is asked at every key. */
export const useSettled = <T>(value: T, ms = 400): T => {
  const text = JSON.stringify(value)
  const [settled, setSettled] = useState({ text, value })
  useEffect(() => {
    if (settled.text === text) return
    const timer = setTimeout(() => setSettled({ text, value }), ms)
    return () => clearTimeout(timer)
  }, [text, value, ms, settled.text])
  return settled.value
}
