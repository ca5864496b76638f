using System.Text.Json;
using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.Lora;

/// <summary>Gradients with respect to the LoRA's parameters, each sample alone.</summary>
public class LoraGradientTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("grad_output_mean")]
    [InlineData("grad_mse")]
    public void Those_of_a_diffusers_lora_are_the_reference_librarys(string gradient)
    {
        using var scope = NewDisposeScope();
        using var networks = new LoraNetworks(LoraNetworks.Sd);
        networks.Apply(new LoraFile(LoraOutputTests.Styled("peft")));
        using var json = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("sd-lora-tiny/golden.json")));
        var names = json.RootElement.GetProperty("lora_parameters").EnumerateArray().Select(PeftName);
        var parameters = networks.Parameters("unet");

        AssertGradients(
            networks,
            row => networks.Predict(row),
            [.. names.Select(name => parameters[name])],
            gradient,
            networks[$"lora/{gradient}"],
            stride: 1
        );
    }

    [Theory]
    [InlineData(LoraNetworks.Sd, "grad_output_mean", 5)]
    [InlineData(LoraNetworks.Sd, "grad_mse", 7)]
    [InlineData(LoraNetworks.Sdxl, "grad_output_mean", 5)]
    [InlineData(LoraNetworks.Sdxl, "grad_mse", 7)]
    public void Those_of_a_kohya_files_unet_are_the_reference_librarys(string name, string gradient, int stride)
    {
        using var scope = NewDisposeScope();
        using var networks = new LoraNetworks(name);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));
        var parameters = networks.KohyaParameters().Where(item => item.Component == "unet");

        AssertGradients(
            networks,
            row => networks.Predict(row),
            [.. parameters.Select(item => item.Parameter)],
            gradient,
            networks.KohyaGolden($"lora/{gradient}_stride{stride}"),
            stride
        );
    }

    [Theory]
    [InlineData(LoraNetworks.Sd)]
    [InlineData(LoraNetworks.Sdxl)]
    public void Those_of_a_whole_kohya_file_through_the_text_encoders_are_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var networks = new LoraNetworks(name);
        networks.Apply(new LoraFile(LoraNetworks.Kohya(name)));

        AssertGradients(
            networks,
            row => networks.PredictPrompts(row),
            [.. networks.KohyaParameters().Select(item => item.Parameter)],
            "grad_mse",
            networks.KohyaGolden("lora/grad_mse_e2e_stride7"),
            stride: 7
        );
    }

    private static void AssertGradients(
        LoraNetworks networks,
        Func<int, Tensor> predict,
        Tensor[] parameters,
        string gradient,
        Tensor expected,
        int stride
    )
    {
        for (var row = 0; row < 2; row++)
        {
            var output = predict(row);
            var scalar =
                gradient == "grad_mse"
                    ? (output - networks["unet/noise"].narrow(0, row, 1)).square().mean()
                    : output.mean();
            var gradients = autograd.grad([scalar], parameters, allow_unused: true);
            var flat = cat([
                .. gradients.Zip(parameters, (part, parameter) => (part.IsInvalid ? parameter * 0 : part).flatten()),
            ]);
            var difference = flat.slice(0, 0, flat.shape[0], stride) - expected[row];
            Assert.InRange((difference.norm() / expected[row].norm()).item<float>(), 0, Tolerance);
        }
    }

    private static string PeftName(JsonElement item) =>
        item.GetProperty("peft")
            .GetString()!["unet.".Length..]
            .Replace(".lora_A.", ".lora_A.default.", StringComparison.Ordinal)
            .Replace(".lora_B.", ".lora_B.default.", StringComparison.Ordinal);
}
