using DasAudit.Abstractions;
using DasAudit.Core.Conformance;
using DasAudit.Core.Models;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Core.Tests.Conformance;

/// <summary>Reference runs in several files, under the names that the goldens' authors gave.</summary>
public sealed class GoldenRunTests : IDisposable
{
    private const string Kept = "golden-not-compared";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_that_the_model_computes_is_compared_wherever_its_inputs_stand()
    {
        var (inputs, results) = (
            Write("inputs", Inputs()),
            Write("results", Results(new ReferenceModel(null), lora: false))
        );

        var document = Run(null, inputs, results);

        Assert.True(document.Passed, string.Join("; ", document.Checks.Where(check => !check.Passed)));
        Assert.Equal(
            [
                "golden-unet-output",
                "golden-unet-output-text",
                "golden-unet-grad-output-mean",
                "golden-unet-grad-mse",
                "golden-vae-decoded",
                "golden-vae-latents",
                "golden-sched-alphas-cumprod",
                "golden-train-noisy",
                "golden-train-target",
                "golden-text-last-hidden-state",
                "golden-vae-mean",
                Kept,
            ],
            Goldens(document)
        );
        Assert.Equal("beyond the contract: t2i/final_latents", Detail(document, Kept));
    }

    [Fact]
    public void What_differs_fails_under_its_own_name()
    {
        var results = Results(new ReferenceModel(null), lora: false);
        foreach (var name in new[] { "unet/output_text", "vae/latents", "train/target", "text/last_hidden_state" })
            results[name].add_(3e-3);
        results["unet/grad_mse_stride2"][1].mul_(1.001);

        var document = Run(null, Write("inputs", Inputs()), Write("results", results));

        Assert.Equal(
            [
                "golden-unet-output-text",
                "golden-unet-grad-mse",
                // Decoded from the changed latents.
                "golden-vae-decoded",
                "golden-vae-latents",
                "golden-train-target",
                "golden-text-last-hidden-state",
            ],
            document.Checks.Where(check => !check.Passed).Select(check => check.Name)
        );
    }

    [Fact]
    public void With_a_LoRA_its_own_tensors_are_compared_and_those_without_it_are_named()
    {
        var (inputs, bare) = (
            Write("inputs", Inputs()),
            Write("results", Results(new ReferenceModel(null), lora: false))
        );
        var lora = Write("lora", Results(Model(1), lora: true));
        Order("down_blocks.0.to_q");

        var document = Run(new("cat.safetensors"), inputs, bare, lora);

        Assert.True(document.Passed, string.Join("; ", document.Checks.Where(check => !check.Passed)));
        Assert.Equal(
            ["golden-unet-output-lora", "golden-lora-grad-output-mean", "golden-lora-grad-mse"],
            Goldens(document).Take(3)
        );
        Assert.Contains(
            "in the order of golden.json",
            Detail(document, "golden-lora-grad-mse"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            "made with the LoRA's weight 0.5: unet/output_lora_scale0.5; made without the LoRA that is loaded: "
                + "t2i/final_latents, text/last_hidden_state, unet/grad_mse_stride2, "
                + "unet/grad_output_mean, unet/output, unet/output_text",
            string.Join("; ", Detail(document, Kept).Split("; ").Order(StringComparer.Ordinal))
        );
    }

    [Fact]
    public void A_LoRA_s_weight_says_which_of_its_outputs_is_meant()
    {
        var results = Results(Model(1), lora: true);
        var halved = Results(Model(0.5), lora: true)["unet/output_lora"];
        results["unet/output_lora_scale0.5"] = halved;
        results["unet/output_cat_2"] = halved;

        var scaled = Run(new("other.safetensors", 0.5), Write("inputs", Inputs()), Write("lora", results));
        var named = Run(new("cat-2.safetensors", 1), Write("inputs", Inputs()), Write("lora", results));

        Assert.Equal(["golden-unet-output-lora-scale0.5"], Goldens(scaled).Where(name => name.Contains("unet")));
        Assert.True(scaled.Passed);
        // Halved, and so not what the LoRA of that name does.
        Assert.Equal(["golden-unet-output-cat-2"], named.Checks.Where(check => !check.Passed).Select(c => c.Name));
        Assert.Contains(
            "made with another LoRA than the one that is loaded: lora/grad_mse_stride1, lora/grad_output_mean, "
                + "unet/output_lora",
            Detail(named, Kept),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_later_file_holds_too_is_taken_from_there_and_said()
    {
        var wrong = new Dictionary<string, Tensor> { ["unet/output"] = ones(2, 3, 4, 4) };
        var (early, inputs) = (Write("early", wrong), Write("inputs", Inputs()));

        var document = Run(null, early, inputs, Write("results", Results(new ReferenceModel(null), lora: false)));

        Assert.True(document.Passed);
        Assert.Contains(
            $"that '{early}' holds and another file too: unet/output",
            Detail(document, Kept),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Parameters_that_the_list_names_and_the_network_has_not_are_refused()
    {
        var lora = Write("lora", Results(Model(1), lora: true));
        File.WriteAllText(
            _folder.At("golden.json"),
            """{"lora_parameters": ["to_q.lora_A.weight", "to_k.lora_A.weight"]}"""
        );

        Assert.Contains(
            "names the parameter 'to_k.lora_A.weight', which the network has not",
            Assert.Throws<AuditException>(() => Run(new("cat.safetensors"), Write("inputs", Inputs()), lora)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_a_list_the_network_s_own_order_is_taken_and_said()
    {
        var results = Results(Model(1), lora: true);
        foreach (var name in new[] { "lora/grad_output_mean", "lora/grad_mse_stride1" })
            results[name] = results[name].roll(6, 1);

        var document = Run(new("cat.safetensors"), Write("inputs", Inputs()), Write("lora", results));

        Assert.True(document.Passed);
        Assert.Contains(
            "in the order of the network",
            Detail(document, "golden-lora-grad-mse"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("a.attn1.processor.to_q_lora.down.weight", "a.attn1.to_q", "A")]
    [InlineData("a.attn1.processor.to_out_lora.up.weight", "a.attn1.to_out.0", "B")]
    [InlineData("unet.a.attn1.to_q.lora_A.weight", "unet.a.attn1.to_q", "A")]
    [InlineData("a.attn1.to_q.lora_B.default.weight", "a.attn1.to_q", "B")]
    [InlineData("a.attn1.to_q.lora.up.weight", "a.attn1.to_q", "B")]
    [InlineData("a.conv.lora_down.weight", "a.conv", "A")]
    [InlineData("a.conv.lora_mid.default.weight", "a.conv", "mid")]
    public void Names_of_all_styles_are_read(string name, string module, string part) =>
        Assert.Equal(new LoraParameterName(module, part), LoraParameterName.Of(name));

    [Fact]
    public void Other_names_are_no_LoRA_s() => Assert.Null(LoraParameterName.Of("a.attn1.to_q.weight"));

    private static ReferenceModel Model(double weight) => new(new LoraFile("unused", weight));

    private AdapterCheckDocument Run(LoraFile? lora, params string[] goldens)
    {
        if (lora is not null)
            _folder.Write(lora.Path, [1]);
        var source = new ModelSource(new ReferenceAdapter(), "", "", ".", _folder.Path)
        {
            Loras = lora is null ? [] : [lora],
        };
        return new AdapterCheck(source, CPU).Run(goldens, null, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> Goldens(AdapterCheckDocument document) =>
        document.Checks.Select(check => check.Name).Where(name => name.StartsWith("golden-", StringComparison.Ordinal));

    private static string Detail(AdapterCheckDocument document, string name) =>
        document.Checks.Single(check => check.Name == name).Detail;

    private string Write(string name, Dictionary<string, Tensor> tensors)
    {
        var path = _folder.At($"{name}.safetensors");
        SafetensorsWriter.Write(path, tensors.Select(entry => (entry.Key, entry.Value.contiguous())));
        return path;
    }

    private void Order(string module) =>
        File.WriteAllText(
            _folder.At("golden.json"),
            $$"""
            {"lora_parameters": [
                {"component": "unet", "module": "{{module}}", "file_key": "lora_unet_x_to_q.lora_down.weight"},
                {"component": "unet", "module": "{{module}}", "file_key": "lora_unet_x_to_q.lora_up.weight"},
                {"component": "text_encoder", "module": "{{module}}", "file_key": "lora_te_x.lora_up.weight"}]}
            """
        );

    private static Dictionary<string, Tensor> Inputs() =>
        new()
        {
            ["unet/sample"] = linspace(-1, 2, 96).view(2, 3, 4, 4),
            ["unet/noise"] = linspace(1, -1, 96).view(2, 3, 4, 4),
            ["unet/timesteps"] = tensor(new long[] { 3, 70 }),
            ["unet/encoder_hidden_states"] = linspace(-1, 1, 12).view(2, 2, 3),
            ["unet/time_ids"] = linspace(0, 1, 12).view(2, 6),
            ["text/input_ids"] = tensor(new long[] { 1, 2, 3, 4, 5, 6 }).view(3, 2),
            ["vae/image"] = linspace(-1, 1, 192).view(1, 3, 8, 8),
        };

    // What the model computes, with rows of a LoRA's gradients in the order A, B.
    private static Dictionary<string, Tensor> Results(ReferenceModel model, bool lora)
    {
        var inputs = Inputs();
        var (noise, timesteps) = (inputs["unet/noise"], inputs["unet/timesteps"]);
        Tensor Predict(Tensor text, int? row = null)
        {
            Tensor At(Tensor tensor) => row is { } one ? tensor.narrow(0, one, 1) : tensor;
            return model.Predict(
                At(inputs["unet/sample"]),
                At(timesteps),
                new(("encoder_hidden_states", At(text)), ("time_ids", At(inputs["unet/time_ids"])))
            );
        }

        var text = inputs["unet/encoder_hidden_states"];
        var parameters = model.Network.named_parameters().Where(named => model.IsAttributed(named.name));
        // to_q.lora_A before to_q.lora_B, to_q.weight before to_q.bias as the network has them.
        Tensor[] ordered = lora
            ?
            [
                .. parameters
                    .OrderBy(named => named.name, StringComparer.Ordinal)
                    .Select(named => (Tensor)named.parameter),
            ]
            : [.. parameters.Select(named => (Tensor)named.parameter)];
        Tensor Gradients(Func<int, Tensor> scalar) =>
            stack([
                .. new[] { 0, 1 }.Select(row =>
                    cat([.. autograd.grad([scalar(row)], ordered).Select(g => g.flatten())])
                ),
            ]);
        var mean = Gradients(row => Predict(text, row).mean());
        var error = Gradients(row => (Predict(text, row) - noise.narrow(0, row, 1)).square().mean());
        if (lora)
            return new()
            {
                ["unet/output_lora"] = Predict(text).detach(),
                ["unet/output_lora_scale0.5"] = zeros(2, 3, 4, 4),
                ["lora/grad_output_mean"] = mean,
                ["lora/grad_mse_stride1"] = error,
            };
        var hidden = model.Compute("text/last_hidden_state", inputs)!;
        var latents = model.Encode(inputs["vae/image"]);
        return new()
        {
            ["unet/output"] = Predict(text).detach(),
            ["unet/output_text"] = Predict(hidden.narrow(0, 0, 2)).detach(),
            ["unet/grad_output_mean"] = mean,
            ["unet/grad_mse_stride2"] = error.slice(1, 0, error.shape[1], 2),
            ["text/last_hidden_state"] = hidden,
            ["vae/latents"] = latents,
            ["vae/decoded"] = model.Decode(latents),
            ["vae/mean"] = latents * 2,
            ["train/noisy"] = model.Process.AddNoise(inputs["unet/sample"], noise, timesteps),
            ["train/target"] = model.Process.Target(inputs["unet/sample"], noise, timesteps),
            ["sched/alphas_cumprod"] = tensor(((DiscreteDiffusion)model.Process).Schedule.AlphasCumprod.ToArray()),
            ["t2i/final_latents"] = zeros(1, 3, 4, 4),
        };
    }

    private sealed class ReferenceAdapter : IModelAdapter
    {
        public string Name => "reference";

        public bool CanLoad(string path) => true;

        public IDiffusionModel Load(string path, Device device, ModelLoadOptions options) =>
            new ReferenceModel(options.Loras.SingleOrDefault());
    }
}
