;; What a person does in Emacs: open a file, look at what is found, take the first fix. What happens is
;; written to the file that OUTPUT names, line by line.

(require 'eglot)
(require 'apache-mode)
(load (getenv "SNIPPET"))

(defvar lines nil)

(defun say (format &rest arguments)
  (push (apply #'format format arguments) lines))

(defun finish (code)
  (let ((said (concat (string-join (reverse lines) "\n") "\n")))
    (write-region said nil (getenv "OUTPUT")))
  (kill-emacs code))

(defun wait-until (happened)
  (let ((deadline (+ (float-time) 30)))
    (while (not (or (funcall happened) (> (float-time) deadline)))
      (accept-process-output nil 0.05))
    (funcall happened)))

(find-file (getenv "FILE"))
;; eglot starts a server when Emacs has done what it was told, which in a script is never.
(run-hooks 'post-command-hook)
(unless (wait-until #'flymake-diagnostics)
  (say "nothing is found")
  (finish 1))
(dolist (it (flymake-diagnostics))
  (goto-char (flymake-diagnostic-beg it))
  (say "%d:%d %s" (line-number-at-pos) (1+ (current-column))
       (car (split-string (flymake-diagnostic-text it) "\n"))))

(let ((fix (car (eglot-code-actions (point-min) (point-max) "quickfix"))))
  (say "%s" (plist-get fix :title))
  (eglot--apply-workspace-edit (plist-get fix :edit)))
(save-buffer)
(say (if (wait-until (lambda () (null (flymake-diagnostics))))
         "nothing is found any more"
       "something is still found"))
(dolist (line (split-string (buffer-string) "\n" t))
  (say "%s" line))
(finish 0)
