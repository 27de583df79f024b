//! The sample rate in a file's header, from headers made here.

use songmood::audio::probe::sample_rate;

fn id3(content: usize) -> Vec<u8> {
    let mut tag = b"ID3\x04\0\0".to_vec();
    tag.extend([21, 14, 7, 0].map(|shift| (content >> shift & 0x7f) as u8));
    tag.resize(10 + content, 0xff);
    tag
}

fn wav(rate: u32, before: &[u8]) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
    file.extend(before);
    file.extend(b"fmt \x10\0\0\0\x01\0\x02\0");
    file.extend(rate.to_le_bytes());
    file.extend([0; 8]);
    file
}

fn flac(rate: u32) -> Vec<u8> {
    let mut file = b"fLaC\0\0\0\x22".to_vec();
    file.extend([0; 10]);
    file.extend((rate << 12 | 0x0234).to_be_bytes());
    file.extend([0; 20]);
    file
}

fn ogg_page(packet: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0\x02".to_vec();
    page.extend([0; 20]);
    page.push(1);
    page.push(packet.len() as u8);
    page.extend(packet);
    page
}

fn vorbis(rate: u32) -> Vec<u8> {
    let mut packet = b"\x01vorbis\0\0\0\0\x02".to_vec();
    packet.extend(rate.to_le_bytes());
    packet.extend([0; 14]);
    ogg_page(&packet)
}

/// `count` mp3 frames with this header, the right length each.
fn mp3(header: u32, length: usize, count: usize) -> Vec<u8> {
    let mut frame = header.to_be_bytes().to_vec();
    frame.resize(length, 0x55);
    frame.repeat(count)
}

fn mp4_box(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut bytes = (8 + content.len() as u32).to_be_bytes().to_vec();
    bytes.extend(name);
    bytes.extend(content);
    bytes
}

fn track(handler: &[u8; 4], entry_rate: u32, timescale: u32, version: u8) -> Vec<u8> {
    let mut mdhd = vec![version, 0, 0, 0];
    mdhd.resize(if version == 0 { 12 } else { 20 }, 0);
    mdhd.extend(timescale.to_be_bytes());
    mdhd.extend([0; 12]);
    let mut hdlr = vec![0; 8];
    hdlr.extend(handler);
    hdlr.extend([0; 13]);
    let mut entry = vec![0; 24];
    entry.extend((entry_rate << 16).to_be_bytes());
    let stsd = [vec![0, 0, 0, 0, 0, 0, 0, 1], mp4_box(b"mp4a", &entry)].concat();
    let stbl = mp4_box(b"stbl", &mp4_box(b"stsd", &stsd));
    let media = [mp4_box(b"mdhd", &mdhd), mp4_box(b"hdlr", &hdlr), mp4_box(b"minf", &stbl)].concat();
    mp4_box(b"trak", &mp4_box(b"mdia", &media))
}

fn m4a(tracks: &[Vec<u8>], index_first: bool) -> Vec<u8> {
    let index = mp4_box(b"moov", &[mp4_box(b"mvhd", &[0; 100]), tracks.concat()].concat());
    let data = mp4_box(b"mdat", &[0x11; 5000]);
    let type_box = mp4_box(b"ftyp", b"M4A \0\0\0\0");
    if index_first { [type_box, index, data].concat() } else { [type_box, data, index].concat() }
}

#[test]
fn wav_and_aiff() {
    for rate in [8_000, 44_100, 48_000, 192_000] {
        assert_eq!(sample_rate(&wav(rate, b"")), Some(rate));
        assert_eq!(sample_rate(&wav(rate, b"LIST\x05\0\0\0abcde\0")), Some(rate), "a chunk of odd length before");
    }
    let aiff = |exponent: u16, mantissa: u32| {
        let mut file = b"FORM\0\0\0\0AIFFCOMM\0\0\0\x12\0\x02\0\0\0\0\0\x10".to_vec();
        file.extend(exponent.to_be_bytes());
        file.extend(mantissa.to_be_bytes());
        file.extend([0; 4]);
        file
    };
    assert_eq!(sample_rate(&aiff(0x400e, 0xac44_0000)), Some(44_100));
    assert_eq!(sample_rate(&aiff(0x400e, 0xbb80_0000)), Some(48_000));
    assert_eq!(sample_rate(&aiff(0x400b, 0xfa00_0000)), Some(8_000));
    assert_eq!(sample_rate(&aiff(0xffff, 0xffff_ffff)), None);
}

#[test]
fn flac_with_and_without_a_tag_before() {
    assert_eq!(sample_rate(&flac(96_000)), Some(96_000));
    assert_eq!(sample_rate(&[id3(1000), flac(44_100)].concat()), Some(44_100));
}

#[test]
fn ogg_with_vorbis_opus_flac_or_speex() {
    assert_eq!(sample_rate(&vorbis(32_000)), Some(32_000));
    assert_eq!(sample_rate(&ogg_page(b"OpusHead\x01\x02\0\0\x80\x3e\0\0\0\0\0")), Some(48_000));
    assert_eq!(sample_rate(&[ogg_page(b"fishead\0 a skeleton"), vorbis(44_100)].concat()), Some(44_100));
    let in_ogg = [&b"\x7fFLAC\x01\0\0\x01"[..], &flac(48_000)].concat();
    assert_eq!(sample_rate(&ogg_page(&in_ogg)), Some(48_000));
    let mut speex = b"Speex   ".to_vec();
    speex.extend([0; 28]);
    speex.extend(16_000u32.to_le_bytes());
    assert_eq!(sample_rate(&ogg_page(&speex)), Some(16_000));
    assert_eq!(sample_rate(&ogg_page(b"\x80theora")), None);
}

#[test]
fn mp3_of_every_version_behind_tags_and_rubbish() {
    // MPEG 1 layer III: 128 kbit/s at 44 100 Hz, 64 at 48 000, 320 at 32 000.
    assert_eq!(sample_rate(&mp3(0xfffb_9000, 417, 3)), Some(44_100));
    assert_eq!(sample_rate(&mp3(0xfffb_5400, 192, 3)), Some(48_000));
    assert_eq!(sample_rate(&mp3(0xfffb_e800, 1440, 3)), Some(32_000));
    // MPEG 2 at 22 050 Hz, MPEG 2.5 at 8 000 Hz, both 64 kbit/s; MPEG 1 layer II at 48 000 Hz, 192 kbit/s.
    assert_eq!(sample_rate(&mp3(0xfff3_8000, 208, 3)), Some(22_050));
    assert_eq!(sample_rate(&mp3(0xffe3_8800, 576, 3)), Some(8_000));
    assert_eq!(sample_rate(&mp3(0xfffd_a400, 576, 3)), Some(48_000));
    let song = mp3(0xfffb_9000, 417, 3);
    assert_eq!(sample_rate(&[id3(300_000), song.clone()].concat()), Some(44_100));
    assert_eq!(sample_rate(&[id3(10), id3(20), song.clone()].concat()), Some(44_100));
    let rubbish = [vec![0; 999], 0xfffb_5400u32.to_be_bytes().to_vec(), vec![7; 300], song.clone()].concat();
    assert_eq!(sample_rate(&rubbish), Some(44_100), "what looks like one frame of 48 kHz is none");
    assert_eq!(sample_rate(&song[..100]), Some(44_100), "cut short within the first frame");
    assert_eq!(sample_rate(&id3(1000)), None, "a tag and nothing else");
}

#[test]
fn aac_in_adts_frames() {
    // Rate index 3 is 48 000 Hz; 13 bits of length.
    let length = 100u32;
    let mut frame =
        vec![0xff, 0xf1, 0x4c, 0x80 | (length >> 11) as u8, (length >> 3) as u8, (length << 5) as u8 | 0x1f, 0xfc];
    frame.resize(length as usize, 0x21);
    assert_eq!(sample_rate(&frame.repeat(3)), Some(48_000));
}

#[test]
fn m4a_with_the_index_at_either_end() {
    for index_first in [true, false] {
        assert_eq!(sample_rate(&m4a(&[track(b"soun", 44_100, 44_100, 0)], index_first)), Some(44_100));
        let film = [track(b"vide", 0, 90_000, 0), track(b"soun", 48_000, 48_000, 1)];
        assert_eq!(sample_rate(&m4a(&film, index_first)), Some(48_000));
    }
    for version in [0, 1] {
        assert_eq!(
            sample_rate(&m4a(&[track(b"soun", 0, 96_000, version)], true)),
            Some(96_000),
            "too high for the entry"
        );
    }
    let silent = m4a(&[track(b"vide", 0, 90_000, 0)], true);
    assert_eq!(sample_rate(&silent), None);
    let cut = m4a(&[track(b"soun", 44_100, 44_100, 0)], false);
    assert_eq!(sample_rate(&cut[..4000]), None, "the index is not there yet");
}

#[test]
fn rates_that_cannot_be_taken_are_no_rates() {
    for rate in [0, 7_999, 192_001, u32::MAX] {
        assert_eq!(sample_rate(&wav(rate, b"")), None, "{rate} Hz");
    }
}

#[test]
fn no_bytes_make_it_panic_or_hang() {
    let files = [
        wav(44_100, b"LIST\x05\0\0\0abcde\0"),
        flac(44_100),
        [ogg_page(b"fishead\0 a skeleton"), vorbis(44_100)].concat(),
        mp3(0xfffb_9000, 417, 3),
        [id3(50), mp3(0xfffb_9000, 417, 2)].concat(),
        m4a(&[track(b"vide", 0, 90_000, 0), track(b"soun", 48_000, 48_000, 1)], true),
        vec![0xff; 3000],
        b"RIFF\xff\xff\xff\xffWAVEaaaa\xff\xff\xff\xff".to_vec(),
    ];
    for file in files {
        for end in 0..file.len().min(1500) {
            sample_rate(&file[..end]);
        }
        for place in 0..file.len().min(1500) {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = file.clone();
                changed[place] = value;
                sample_rate(&changed);
            }
        }
    }
}
