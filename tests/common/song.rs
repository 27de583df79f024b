//! A sound that changes.

/// A rising and falling tone with overtones and the noise of a quiet room: something is different in every window.
pub fn song(seconds: f32, sample_rate: u32) -> Vec<f32> {
    let (mut phase, mut noise) = (0.0f32, 1u32);
    (0..(seconds * sample_rate as f32) as usize)
        .map(|n| {
            let t = n as f32 / sample_rate as f32;
            phase += (220.0 + 120.0 * (0.7 * t).sin()) / sample_rate as f32;
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hiss = 2e-3 * (noise >> 8) as f32 / (1 << 24) as f32 - 1e-3;
            let turn = std::f32::consts::TAU * phase;
            hiss + 0.2
                * (0.3 + (2.1 * t).sin().abs())
                * (turn.sin() + 0.4 * (3.0 * turn).sin() + 0.2 * (7.0 * turn).sin())
        })
        .collect()
}
