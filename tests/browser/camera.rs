//! What the camera of a phone sees: a letter as it comes out of a printer, held so that its QR is
//! half as high as the picture, as a file that Chromium takes for a camera.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use image::imageops::{FilterType, overlay, resize};
use image::{GrayImage, Luma};
use rxing::BarcodeFormat;
use rxing::helpers::detect_in_luma;
use serde_json::json;

use crate::browser::Browser;
use crate::chromium::Device;
use crate::house::House;
use crate::scene::Scene;

on_one_engine![
    a_photo_of_a_printed_letter_is_read_on_the_server,
    a_letter_in_front_of_the_live_camera_is_validated,
    a_picture_without_a_code_is_refused,
];

const WIDTH: u32 = 640;
const HEIGHT: u32 = 480;
const FRAMES: usize = 10;

/// What a camera sees of a printed letter or card.
pub fn film_of_paper(pdf: &[u8], folder: &Path) -> PathBuf {
    let (sheet, page) = (folder.join("paper.pdf"), folder.join("paper"));
    std::fs::write(&sheet, pdf).unwrap();
    let drawn = Command::new("pdftoppm")
        .args(["-r", "200", "-gray", "-png", "-singlefile"])
        .args([&sheet, &page])
        .status();
    assert!(drawn.expect("pdftoppm is needed: apt install poppler-utils").success());
    let paper = image::open(page.with_extension("png")).unwrap().to_luma8();
    let (middle, side) = place_of_qr(&paper);
    let [wide, high] = [side * 2 * WIDTH / HEIGHT, side * 2];
    let mut table = GrayImage::from_pixel(wide, high, Luma([120]));
    overlay(&mut table, &paper, i64::from(wide / 2) - middle[0], i64::from(high / 2) - middle[1]);
    film(&table, &folder.join("paper.y4m"))
}

/// What a camera sees of a QR alone, as the API draws it.
pub fn film_of_qr(png: &[u8], folder: &Path) -> PathBuf {
    let code = image::load_from_memory(png).unwrap().to_luma8();
    let code = resize(&code, HEIGHT / 2, HEIGHT / 2, FilterType::Triangle);
    let mut table = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([200]));
    overlay(&mut table, &code, i64::from(WIDTH / 3), i64::from(HEIGHT / 4));
    film(&table, &folder.join("qr.y4m"))
}

/// Writes a picture as a film: `YUV4MPEG2`, a few frames, without colour.
fn film(picture: &GrayImage, to: &Path) -> PathBuf {
    let seen = resize(picture, WIDTH, HEIGHT, FilterType::Triangle);
    let grey = vec![128_u8; (WIDTH * HEIGHT / 2) as usize];
    let mut file = std::fs::File::create(to).unwrap();
    writeln!(file, "YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420mpeg2").unwrap();
    for _ in 0..FRAMES {
        file.write_all(b"FRAME\n").unwrap();
        file.write_all(seen.as_raw()).unwrap();
        file.write_all(&grey).unwrap();
    }
    to.to_owned()
}

/// The middle of the QR on a page and its side, in pixels.
fn place_of_qr(paper: &GrayImage) -> ([i64; 2], u32) {
    let (wide, high) = paper.dimensions();
    let format = Some(BarcodeFormat::QR_CODE);
    let found = detect_in_luma(paper.as_raw().clone(), wide, high, format).expect("a QR on paper");
    // The eyes of the code lie 22 of its 29 modules apart.
    let eyes: Vec<[f32; 2]> = found.getPoints().iter().map(|point| [point.x, point.y]).collect();
    let span = |axis: usize| {
        let along = || eyes.iter().map(|eye| eye[axis]);
        let (least, most) = (along().fold(f32::MAX, f32::min), along().fold(0.0, f32::max));
        (pixels(least.midpoint(most)), pixels((most - least) * 29.0 / 22.0))
    };
    let ((middle, side), (height, _)) = (span(0), span(1));
    ([middle, height], u32::try_from(side).unwrap())
}

fn pixels(length: f32) -> i64 {
    format!("{length:.0}").parse().unwrap()
}

/// One frame of the camera, as a picture.
const FRAME: &str = "
    const done = arguments[0];
    (async () => {
        const video = document.createElement('video');
        video.muted = true;
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
        await video.play();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
        canvas.getContext('2d').drawImage(video, 0, 0);
        video.srcObject.getTracks().forEach((track) => track.stop());
        const blob = await new Promise((told) => canvas.toBlob(told));
        return [...new Uint8Array(await blob.arrayBuffer())];
    })().then(done, (error) => done(String(error)));";

/// Takes a photo with the camera and keeps it in a file.
fn photo(page: &Browser, to: &Path) {
    let taken = page.runs_and_waits(FRAME, json!([]));
    let bytes: Vec<u8> =
        serde_json::from_value(taken.clone()).unwrap_or_else(|error| panic!("{error}: {taken}"));
    std::fs::write(to, bytes).unwrap();
}

fn a_photo_of_a_printed_letter_is_read_on_the_server(house: &House) {
    let scene = Scene::of(house);
    let pass = scene.hands_over(10);
    let paper = scene.worker.get(&format!("/passes/{}/document.pdf?layout=letter", pass.id));
    let folder = &house.ground.folder;
    let film = film_of_paper(&paper.bytes, folder);
    let staff = Browser::of(house, &Device::phone().with_camera(&film));
    let taken = folder.join("photo.png");
    staff.signs_in(&scene.staff).opens("/scanner");
    photo(&staff, &taken);
    staff.hands_in("photo du QR code", &taken).presses("Vérifier");
    staff.must_say("Il reste 10 ateliers");
}

fn a_letter_in_front_of_the_live_camera_is_validated(house: &House) {
    let scene = Scene::of(house);
    let [pass, other] = [10, 5].map(|units| scene.hands_over(units));
    let paper = scene.worker.get(&format!("/passes/{}/document.pdf?layout=letter", pass.id));
    let drawn = scene.worker.get(&format!("/passes/{}/qr.png", other.id));
    let folder = &house.ground.folder;
    let film = film_of_paper(&paper.bytes, folder);
    let staff = Browser::of(house, &Device::phone().with_camera(&film));
    staff.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    staff.presses("Ouvrir l’appareil photo").must_say("Il reste 10 ateliers");
    staff.presses("Valider 1 atelier").must_say("Atelier validé").must_say("Il reste 9 ateliers");

    let film = film_of_qr(&drawn.bytes, folder);
    let staff = Browser::of(house, &Device::phone().with_camera(&film));
    staff.signs_in(&scene.staff).opens("/scanner").chooses("Atelier", "Créer une boîte mail");
    staff.ticks("Groupe").presses("Ouvrir l’appareil photo");
    staff.must_say("Atelier validé").must_say("Il reste 4 ateliers");
    assert_eq!(scene.worker.reads(&pass.id)["remaining"], 9, "once, however long it is in view");
    assert_eq!(scene.worker.reads(&other.id)["remaining"], 4);
}

fn a_picture_without_a_code_is_refused(house: &House) {
    let scene = Scene::of(house);
    let folder = &house.ground.folder;
    let nothing = film(&GrayImage::from_pixel(WIDTH, HEIGHT, Luma([90])), &folder.join("wall.y4m"));
    let staff = Browser::of(house, &Device::phone().with_camera(&nothing));
    let taken = folder.join("photo.png");
    staff.signs_in(&scene.staff).opens("/scanner");
    photo(&staff, &taken);
    staff.hands_in("photo du QR code", &taken).presses("Vérifier").must_say("Refusé");
}
