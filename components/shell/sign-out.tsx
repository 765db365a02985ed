'use client'

const FORM_ID = 'sign-out'

// A plain form: the browser itself must follow the redirect to the identity provider.
export const SignOutForm = () => <form id={FORM_ID} method="post" action="/ops/logout" hidden />

export const signOut = () => {
  const form = document.getElementById(FORM_ID)
  if (form instanceof HTMLFormElement) form.requestSubmit()
}
