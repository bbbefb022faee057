// The editor: CodeMirror with Python and JavaScript, in the colours of the page. Loaded only for a duel.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascriptLanguage } from '@codemirror/lang-javascript';
import { pythonLanguage } from '@codemirror/lang-python';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, LanguageSupport, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Language } from '../../shapes.ts';

interface Props {
  /** What it begins with; afterwards the editor knows better. A new `key` begins anew. */
  readonly code: string;
  readonly language: Language;
  readonly label: string;
  readonly readOnly: boolean;
  readonly onChange?: (code: string) => void;
  readonly onRun?: () => void;
  readonly onSubmit?: () => void;
}

const SUPPORT = { python: new LanguageSupport(pythonLanguage), javascript: new LanguageSupport(javascriptLanguage) };
const INDENT = { python: '    ', javascript: '  ' };

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword, tags.definitionKeyword, tags.self], color: 'var(--accentText)', fontWeight: '550' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--success)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--warn)' },
  { tag: [tags.comment], color: 'var(--text2)', fontStyle: 'italic' },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.className], fontWeight: '650' },
  { tag: tags.invalid, color: 'var(--danger)' },
]);

const looks = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--bg)', fontSize: '0.875rem' },
  // Whoever places it draws the ring.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--text)', padding: 'var(--s2) 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--bg)', color: 'var(--text3)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--hover) 55%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accentSoft)', outline: '1px solid var(--accentText)' },
  '.cm-tooltip': { backgroundColor: 'var(--bg)', border: '1px solid var(--border)', borderRadius: 'var(--r2)', boxShadow: 'var(--shadow)', overflow: 'hidden' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '2px 8px' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--onAccent)' },
});

export default function CodeEditor({ code, language, label, readOnly, onChange, onRun, onSubmit }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const locked = useRef(new Compartment());
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const run = useEffectEvent(() => onRun?.());
  const submit = useEffectEvent(() => onSubmit?.());
  const first = useEffectEvent(() => ({ code, label, readOnly }));

  useEffect(() => {
    const { code: doc, label: name, readOnly: isLocked } = first();
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc,
        extensions: [
          // Before all others: the editor's own keys take Ctrl+Enter for a new line.
          Prec.highest(keymap.of([
            { key: 'Mod-Enter', preventDefault: true, run: () => (run(), true) },
            { key: 'Shift-Mod-Enter', preventDefault: true, run: () => (submit(), true) },
          ])),
          lineNumbers(), highlightActiveLineGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), autocompletion({ activateOnTyping: false }), highlightActiveLine(),
          indentUnit.of(INDENT[language]), EditorState.tabSize.of(4), SUPPORT[language],
          // Esc, then Tab leaves the editor: CodeMirror lets one Tab pass after Esc.
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, indentWithTab]),
          syntaxHighlighting(colours), looks,
          locked.current.of(lock(isLocked)),
          EditorView.contentAttributes.of({ 'aria-label': name, 'data-gramm': 'false', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' }),
          EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [language]);

  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(lock(readOnly)) });
  }, [readOnly]);

  return <div ref={place} style={{ height: '100%', minHeight: 0 }} />;
}

/** It can still be read and copied from. */
function lock(readOnly: boolean) {
  return [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly), EditorView.contentAttributes.of({ tabindex: '0', ...(readOnly ? { 'aria-readonly': 'true' } : {}) })];
}
