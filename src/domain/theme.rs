//! The catalogue of workshops.
//!
//! The nine services are those of the national schema "lieux de médiation numérique" 1.0.2; the
//! workshops under them follow the themes of the Coop de la médiation numérique.

/// One theme of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The stable name in the API.
    pub code: &'static str,
    /// What people read.
    pub label: &'static str,
    /// The national service it belongs to.
    pub service: &'static str,
}

const ADMINISTRATIVE: &str = "Aide aux démarches administratives";
const EVERYDAY: &str = "Maîtrise des outils numériques du quotidien";
const WORK: &str = "Insertion professionnelle via le numérique";
const SAFETY: &str = "Utilisation sécurisée du numérique";
const PARENTS: &str = "Parentalité et éducation avec le numérique";
const LEISURE: &str = "Loisirs et créations numériques";
const CULTURE: &str = "Compréhension du monde numérique";
const ACCESS: &str = "Accès internet et matériel informatique";
const EQUIPMENT: &str = "Acquisition de matériel informatique à prix solidaire";

macro_rules! themes {
    ($($code:literal $service:ident $label:literal;)+) => {
        /// Every theme, by service.
        pub const CATALOGUE: &[Theme] =
            &[$(Theme { code: $code, label: $label, service: $service },)+];
    };
}

themes! {
    "aide_aux_demarches_administratives" ADMINISTRATIVE "Aide aux démarches administratives";
    "faire_une_demarche_administrative" ADMINISTRATIVE "Faire une démarche administrative en ligne";
    "creer_son_compte_franceconnect" ADMINISTRATIVE "Se connecter aux services publics avec FranceConnect";
    "papiers_elections_citoyennete" ADMINISTRATIVE "Papiers, élections, citoyenneté";
    "social_sante" ADMINISTRATIVE "Droits sociaux et santé en ligne";
    "argent_impots" ADMINISTRATIVE "Impôts et argent en ligne";
    "logement" ADMINISTRATIVE "Demander un logement en ligne";
    "maitrise_des_outils_numeriques_du_quotidien" EVERYDAY "Maîtrise des outils numériques du quotidien";
    "prendre_en_main_un_ordinateur" EVERYDAY "Prendre en main un ordinateur";
    "prendre_en_main_un_telephone" EVERYDAY "Prendre en main un téléphone ou une tablette";
    "creer_une_boite_mail" EVERYDAY "Créer une boîte mail";
    "naviguer_sur_internet" EVERYDAY "Naviguer sur internet";
    "bureautique" EVERYDAY "Écrire et calculer : bureautique";
    "gerer_ses_contenus_numeriques" EVERYDAY "Ranger ses photos et ses fichiers";
    "insertion_professionnelle_via_le_numerique" WORK "Insertion professionnelle via le numérique";
    "chercher_un_emploi_en_ligne" WORK "Chercher un emploi en ligne";
    "faire_son_cv" WORK "Faire son CV";
    "utilisation_securisee_du_numerique" SAFETY "Utilisation sécurisée du numérique";
    "mots_de_passe_et_arnaques" SAFETY "Mots de passe et arnaques";
    "banque_et_achats_en_ligne" SAFETY "Banque et achats en ligne";
    "parentalite_et_education_avec_le_numerique" PARENTS "Parentalité et éducation avec le numérique";
    "suivre_la_scolarite_de_son_enfant" PARENTS "Suivre la scolarité de son enfant";
    "loisirs_et_creations_numeriques" LEISURE "Loisirs et créations numériques";
    "photo_video_et_creation" LEISURE "Photo, vidéo et création";
    "comprehension_du_monde_numerique" CULTURE "Compréhension du monde numérique";
    "intelligence_artificielle" CULTURE "Comprendre l'intelligence artificielle";
    "acces_internet_et_materiel_informatique" ACCESS "Accès internet et matériel informatique";
    "acquisition_de_materiel_informatique_a_prix_solidaire" EQUIPMENT "Acquisition de matériel informatique à prix solidaire";
}

/// The theme of that code.
#[must_use]
pub fn theme(code: &str) -> Option<&'static Theme> {
    CATALOGUE.iter().find(|theme| theme.code == code)
}
