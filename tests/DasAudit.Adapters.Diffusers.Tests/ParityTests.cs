using System.Text.Json;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>The adapter against what diffusers computed.</summary>
public class ParityTests
{
    public static TheoryData<string> Checkpoints => [.. Golden.Names];

    public static TheoryData<string, string, int> Gradients =>
        new()
        {
            { "ddpm-tiny", "grad_output_mean", 1 },
            { "ddpm-tiny", "grad_mse", 7 },
            { "ddpm-celeba-like/scale-shift", "grad_output_mean", 5 },
            { "ddpm-celeba-like/scale-shift", "grad_mse", 7 },
            { "ddpm-celeba-like/class-cond", "grad_output_mean", 5 },
            { "ddpm-celeba-like/class-cond", "grad_mse", 7 },
            { "ddpm-celeba-like/old-keys", "grad_output_mean", 7 },
        };

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_output_is_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden(name);

        Assert.InRange(Golden.MaxAbs(golden.Predict(), golden.File.Read("output")), 0, 5e-5);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void The_time_embedding_is_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden(name);
        var timesteps = golden.File.Read("timesteps");

        Assert.InRange(Golden.MaxAbs(golden.Unet.TimeProjection(timesteps), golden.File.Read("time_proj")), 0, 1e-5);
        Assert.InRange(
            Golden.MaxAbs(golden.Unet.TimeEmbedding(timesteps), golden.File.Read("time_embedding")),
            0,
            1e-5
        );
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Parameters_have_the_reference_librarys_names_order_and_shapes(string name)
    {
        using var golden = new Golden(name);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(golden.Folder, "golden.json")));

        var expected = json
            .RootElement.GetProperty("parameters")
            .EnumerateArray()
            .Select(item =>
                $"{item.GetProperty("name").GetString()} "
                + $"[{string.Join(", ", item.GetProperty("shape").EnumerateArray())}]"
            );
        var actual = golden
            .Unet.named_parameters()
            .Select(entry => $"{entry.name} [{string.Join(", ", entry.parameter.shape)}]");
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_of_each_sample_are_the_reference_librarys(string name, string gradient, int stride)
    {
        using var scope = NewDisposeScope();
        using var golden = new Golden(name);
        var expected = golden.File.Read(stride == 1 ? gradient : $"{gradient}_stride{stride}");
        var parameters = golden.Unet.named_parameters().Select(entry => (Tensor)entry.parameter).ToArray();

        for (var row = 0; row < 2; row++)
        {
            var output = golden.PredictOne(row);
            var scalar =
                gradient == "grad_mse"
                    ? (output - golden.File.Read("noise").narrow(0, row, 1)).square().mean()
                    : output.mean();
            var gradients = autograd.grad([scalar], parameters, allow_unused: true);
            var flat = cat([.. gradients.Select(part => part.flatten())]);
            var difference = flat.slice(0, 0, flat.shape[0], stride) - expected[row];
            Assert.InRange((difference.norm() / expected[row].norm()).item<float>(), 0, 1e-5);
        }
    }
}
