//! Modules, and conditions about them.

mod condition_before_load;
mod duplicate_load_module;
mod missing_optional_include;
mod module_not_in_loaded_list;
mod module_only_in_loaded_list;
mod mpm_differs_from_build;
mod other_load_order;
mod repeated_include;
mod too_many_modules;
mod unknown_module_name;
mod unread_site;

use crate::rule::Rule;

pub(super) const RULES: &[&Rule] = &[
    &condition_before_load::RULE,
    &duplicate_load_module::RULE,
    &missing_optional_include::RULE,
    &module_not_in_loaded_list::RULE,
    &module_only_in_loaded_list::RULE,
    &mpm_differs_from_build::RULE,
    &other_load_order::RULE,
    &repeated_include::RULE,
    &too_many_modules::RULE,
    &unknown_module_name::RULE,
    &unread_site::RULE,
];
