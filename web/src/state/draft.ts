/** What is typed and not yet posted. It outlives the page: nothing typed is ever lost */
export interface StoredDraft {
  text: string
  warning: string
}

const STORED_AS = 'draft'

export function loadDraft (): StoredDraft {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? '')

    if (stored != null && typeof stored === 'object' && 'text' in stored && typeof stored.text === 'string') {
      return { text: stored.text, warning: 'warning' in stored && typeof stored.warning === 'string' ? stored.warning : '' }
    }
  } catch {
    // what cannot be read is no draft
  }

  return { text: '', warning: '' }
}

/** It was posted, perhaps after its page was left. What was typed since stays */
export function forgetDraft ({ text, warning }: StoredDraft): void {
  const stored = loadDraft()

  if (stored.text === text && stored.warning === warning) {
    saveDraft({ text: '', warning: '' })
  }
}

export function saveDraft (draft: StoredDraft): void {
  if (draft.text === '' && draft.warning === '') {
    localStorage.removeItem(STORED_AS)
  } else {
    localStorage.setItem(STORED_AS, JSON.stringify(draft))
  }
}
