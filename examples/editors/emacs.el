;; With the package apache-mode, or any mode of this name.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '(apache-mode . ("httpd-lint" "lsp"
                                :initializationOptions (:facts ["debian-12"])))))
(add-hook 'apache-mode-hook #'eglot-ensure)
