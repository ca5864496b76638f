using DasAudit.Core.Diffusion;
using DasAudit.Core.Pictures;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Audits;

/// <summary>A small network trained on pictures that fade from one colour to another, the same each time.</summary>
internal static class TrainedUnet
{
    public const int Pictures = 24;
    private const int Steps = 600;

    private static readonly Lazy<float[][]> Weights = new(Train);

    /// <summary>A picture of 8×8: in each channel a plane of random height and slopes.</summary>
    public static Picture Picture(int number)
    {
        var plane = RandomNumbers.Normal(7000 + number, 9);
        var rgb = new byte[8 * 8 * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (x, y, channel) = ((i / 3 % 8) - 3.5f, (i / 24) - 3.5f, i % 3);
            var value = 128 + (45 * plane[channel]) + (14 * ((plane[3 + channel] * x) + (plane[6 + channel] * y)));
            rgb[i] = (byte)Math.Clamp(value, 0, 255);
        }

        return new(8, 8, rgb);
    }

    public static TinyUnet Load()
    {
        // Before gradients are switched off: the first call trains.
        var weights = Weights.Value;
        var unet = new TinyUnet(3);
        using var noGradient = no_grad();
        foreach (var (parameter, values) in unet.Network.parameters().Zip(weights))
            parameter.copy_(tensor(values).view_as(parameter));
        return unet;
    }

    private static float[][] Train()
    {
        using var outer = NewDisposeScope();
        using var unet = new TinyUnet(3);
        var source = new NoiseSource(1);
        var clean = stack(Enumerable.Range(0, Pictures).Select(i => Values(unet, Picture(i))));
        using var optimizer = optim.Adam(unet.Network.parameters(), lr: 1e-2);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            NoiseAddress address = new(NoisePurpose.TrainingTimestep, step, 0);
            var timesteps = Enumerable.Range(0, Pictures).Select(i => (long)source.Below(address, i, 1000)).ToArray();
            var noise = stack(
                Enumerable
                    .Range(0, Pictures)
                    .Select(i => source.Normal(new(NoisePurpose.TrainingNoise, step, i), unet.PictureShape))
            );
            var times = tensor(timesteps);
            optimizer.zero_grad();
            var loss = (unet.Predict(unet.Process.AddNoise(clean, noise, times), times) - noise).square().mean();
            loss.backward();
            optimizer.step();
        }

        return [.. unet.Network.parameters().Select(parameter => parameter.cpu().data<float>().ToArray())];
    }

    private static Tensor Values(TinyUnet unet, Picture picture) =>
        tensor(PictureTensor.ToValues(picture, unet.PictureShape), [3, 8, 8]);
}
