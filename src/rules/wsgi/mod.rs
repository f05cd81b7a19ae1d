//! mod_wsgi.

mod ambiguous_trusted_headers;
mod application_group_of_client;
mod application_loaded_twice;
mod authorization_not_passed;
mod case_sensitive_mount;
mod daemon_process_of_other_server;
mod daemon_process_without_threads;
mod denied_application;
mod embedded_application;
mod explicit_single_process;
mod exposed_script;
mod extension_in_sub_interpreter;
mod fallback_to_application;
mod frequent_restart;
mod half_covered_application;
mod handler_without_exec_cgi;
mod idle_daemon_threads;
mod incomplete_trusted_proxies;
mod inherited_application;
mod late_request_timeout;
mod literal_group_name;
mod missing_callable;
mod missing_script;
mod mod_python_beside_wsgi;
mod mount_with_slash;
mod mutex_without_effect_on_wsgi;
mod overridden_process_group;
mod overridden_wsgi_handler;
mod passed_password;
mod process_group_of_client;
mod process_group_of_other_directory;
mod python_home_is_executable;
mod python_in_parent;
mod python_of_other_version;
mod python_path_without_effect;
mod python_variable_of_server;
mod refused_path_info;
mod relative_path_in_script;
mod relative_python_path;
mod repeated_daemon_option;
mod restricted_application;
mod rewrite_past_application;
mod setting_beyond_interpreter_options;
mod shadowed_application;
mod shared_django_settings;
mod small_memory_limit;
mod unanchored_mount;
mod undeclared_daemon_process;
mod unintended_embedded_mode;
mod unknown_trusted_header;
mod unsupported_interpreter_option;
mod unusable_home;
mod unusable_python_home;
mod unusable_script;
mod unusable_socket_prefix;
mod unused_accept_mutex;
mod unused_authentication_script;
mod unused_daemon_process;
mod user_without_group;
mod variable_without_effect_on_python;
mod verbose_debugging_without_effect;
mod wsgi_script_as_cgi;

use crate::diagnostic::{Edit, Promise};
use crate::model::wsgi::PythonSetting;
use crate::rule::{Report, Rule};

pub(super) const RULES: &[&Rule] = &[
    &ambiguous_trusted_headers::RULE,
    &application_group_of_client::RULE,
    &application_loaded_twice::RULE,
    &authorization_not_passed::RULE,
    &case_sensitive_mount::RULE,
    &daemon_process_of_other_server::RULE,
    &daemon_process_without_threads::RULE,
    &denied_application::RULE,
    &embedded_application::RULE,
    &explicit_single_process::RULE,
    &exposed_script::RULE,
    &extension_in_sub_interpreter::RULE,
    &fallback_to_application::RULE,
    &frequent_restart::RULE,
    &half_covered_application::RULE,
    &handler_without_exec_cgi::RULE,
    &idle_daemon_threads::RULE,
    &incomplete_trusted_proxies::RULE,
    &inherited_application::RULE,
    &late_request_timeout::RULE,
    &literal_group_name::RULE,
    &missing_callable::RULE,
    &missing_script::RULE,
    &mod_python_beside_wsgi::RULE,
    &mount_with_slash::RULE,
    &mutex_without_effect_on_wsgi::RULE,
    &overridden_process_group::RULE,
    &overridden_wsgi_handler::RULE,
    &passed_password::RULE,
    &process_group_of_client::RULE,
    &process_group_of_other_directory::RULE,
    &python_home_is_executable::RULE,
    &python_in_parent::RULE,
    &python_of_other_version::RULE,
    &python_path_without_effect::RULE,
    &python_variable_of_server::RULE,
    &refused_path_info::RULE,
    &relative_path_in_script::RULE,
    &relative_python_path::RULE,
    &repeated_daemon_option::RULE,
    &restricted_application::RULE,
    &rewrite_past_application::RULE,
    &setting_beyond_interpreter_options::RULE,
    &shadowed_application::RULE,
    &shared_django_settings::RULE,
    &small_memory_limit::RULE,
    &unanchored_mount::RULE,
    &undeclared_daemon_process::RULE,
    &unintended_embedded_mode::RULE,
    &unknown_trusted_header::RULE,
    &unsupported_interpreter_option::RULE,
    &unusable_home::RULE,
    &unusable_python_home::RULE,
    &unusable_script::RULE,
    &unusable_socket_prefix::RULE,
    &unused_accept_mutex::RULE,
    &unused_authentication_script::RULE,
    &unused_daemon_process::RULE,
    &user_without_group::RULE,
    &variable_without_effect_on_python::RULE,
    &verbose_debugging_without_effect::RULE,
    &wsgi_script_as_cgi::RULE,
];

// Says that a path is not yet Python's home, but lies in it.
fn say_other_home(setting: &PythonSetting<'_>, message: String, home: &str, report: &mut Report) {
    let finding = report.at(setting.place(), message);
    finding.label("Python looks for its library below this path");
    let title = format!("write `{home}`");
    if let Some(span) = setting.editable() {
        let text = home.to_owned();
        finding.fix(Promise::Unsafe, title, vec![Edit { span, text }]);
    } else {
        finding.help(title);
    }
}
