//! The catalogue of workshops, for anybody.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::theme::CATALOGUE;
use crate::http::answer::{Answer, ok};
use crate::http::shapes::Problems;

/// A theme of the catalogue.
#[derive(Serialize, ToSchema)]
pub struct ThemeView {
    /// The stable name.
    #[schema(example = "creer_une_boite_mail")]
    pub code: &'static str,
    /// What people read.
    #[schema(example = "Créer une boîte mail")]
    pub label: &'static str,
    /// The national service it belongs to.
    #[schema(example = "Maîtrise des outils numériques du quotidien")]
    pub service: &'static str,
}

/// The catalogue.
#[derive(Serialize, ToSchema)]
pub struct ThemeList {
    /// Every theme, by service.
    pub data: Vec<ThemeView>,
}

/// List the themes.
#[utoipa::path(
    get,
    path = "/api/v1/themes",
    tag = "Themes",
    operation_id = "themes_list",
    responses((status = 200, description = "The catalogue", body = ThemeList), Problems),
)]
pub async fn list() -> Answer {
    let themes = CATALOGUE.iter().map(|theme| ThemeView {
        code: theme.code,
        label: theme.label,
        service: theme.service,
    });
    ok(&json!({"data": themes.collect::<Vec<_>>()}))
}
