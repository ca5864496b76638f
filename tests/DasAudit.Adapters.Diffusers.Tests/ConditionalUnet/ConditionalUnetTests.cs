using DasAudit.Adapters.Diffusers.ConditionalUnet;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests.ConditionalUnet;

public class ConditionalUnetTests
{
    private const string Sd2Style = "extras/unet-sd2-style";

    public static TheoryData<string, string, int> Gradients =>
        new()
        {
            { NetworkGolden.SingleFile, "grad_output_mean", 101 },
            { NetworkGolden.SingleFile, "grad_mse", 103 },
            { NetworkGolden.StableDiffusionXl, "grad_output_mean", 23 },
            { NetworkGolden.StableDiffusionXl, "grad_mse", 29 },
        };

    [Theory]
    [InlineData(NetworkGolden.StableDiffusion, "unet", "unet/output")]
    [InlineData(NetworkGolden.StableDiffusion, Sd2Style, "unet_sd2/output")]
    [InlineData(NetworkGolden.SingleFile, "unet", "unet/output")]
    [InlineData(NetworkGolden.StableDiffusionXl, "unet", "unet/output")]
    public void The_output_is_the_reference_librarys(string name, string part, string output)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(name);

        Assert.InRange(Golden.MaxAbs(Predict(golden, golden.Unet(part)), golden[output]), 0, 5e-5);
    }

    [Theory]
    [InlineData(NetworkGolden.StableDiffusion)]
    [InlineData(NetworkGolden.SingleFile)]
    public void The_output_for_prompts_is_the_reference_librarys(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(name);
        using var encoding = golden.TextEncoder().call(golden["text/input_ids"].narrow(0, 0, 2));

        var output = golden
            .Unet()
            .call(golden["unet/sample"], golden["unet/timesteps"], encoding.LastHiddenState, null);

        Assert.InRange(Golden.MaxAbs(output, golden["unet/output_text"]), 0, 5e-5);
    }

    [Fact]
    public void Sdxls_output_for_prompts_is_the_reference_librarys()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);
        using var first = golden.TextEncoder().call(golden["text/input_ids"]);
        using var second = golden.TextEncoder("text_encoder_2").call(golden["text/input_ids_2"]);

        var output = golden
            .Unet()
            .call(
                golden["unet/sample"],
                golden["unet/timesteps"],
                cat([first.Penultimate, second.Penultimate], -1),
                new AddedConditions(second.Pooled, golden["unet/time_ids"])
            );

        Assert.InRange(Golden.MaxAbs(output, golden["unet/output_text"]), 0, 5e-5);
    }

    [Fact]
    public void Sdxls_embeddings_are_the_reference_librarys()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);
        var unet = golden.Unet();

        Assert.InRange(
            Golden.MaxAbs(unet.TimeEmbedding(golden["unet/timesteps"]), golden["unet/time_embedding"]),
            0,
            1e-5
        );
        Assert.InRange(Golden.MaxAbs(unet.AddedEmbedding(Added(golden)!), golden["unet/aug_emb"]), 0, 1e-5);
    }

    [Theory]
    [InlineData(NetworkGolden.SingleFile)]
    [InlineData(NetworkGolden.StableDiffusionXl)]
    public void Parameters_have_the_reference_librarys_names_and_order(string name)
    {
        using var golden = new NetworkGolden(name);

        Assert.Equal(
            golden.Parameters("unet").Select(item => item.GetProperty("name").GetString()),
            golden.Unet().named_parameters().Select(entry => entry.name)
        );
    }

    [Theory]
    [MemberData(nameof(Gradients))]
    public void Gradients_of_each_sample_are_the_reference_librarys(string name, string gradient, int stride)
    {
        using var scope = NewDisposeScope();
        using var golden = new NetworkGolden(name);
        var expected = golden[$"unet/{gradient}_stride{stride}"];
        var unet = golden.Unet();
        var parameters = unet.named_parameters().Select(entry => (Tensor)entry.parameter).ToArray();

        for (var row = 0; row < 2; row++)
        {
            var output = Predict(golden, unet, row);
            var scalar =
                gradient == "grad_mse"
                    ? (output - golden["unet/noise"].narrow(0, row, 1)).square().mean()
                    : output.mean();
            var gradients = autograd.grad([scalar], parameters, allow_unused: true);
            var flat = cat([.. gradients.Select(part => part.flatten())]);
            var difference = flat.slice(0, 0, flat.shape[0], stride) - expected[row];
            Assert.InRange((difference.norm() / expected[row].norm()).item<float>(), 0, 1e-5);
        }
    }

    /// <summary>What per-sample gradients by layer rules ask for.</summary>
    [Theory]
    [InlineData(NetworkGolden.StableDiffusion)]
    [InlineData(NetworkGolden.StableDiffusionXl)]
    public void Every_layer_with_parameters_is_called_once_with_the_batchs_rows(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(name);
        var unet = golden.Unet();
        var rows = new Dictionary<string, List<long>>();
        foreach (var (layerName, module) in unet.named_modules())
        {
            if (!module.named_parameters(recurse: false).Any())
                continue;
            var calls = rows[layerName] = [];
            Assert
                .IsType<nn.Module<Tensor, Tensor>>(module, exactMatch: false)
                .register_forward_hook(
                    (_, input, output) =>
                    {
                        Assert.Equal(input.shape[0], output.shape[0]);
                        calls.Add(input.shape[0]);
                        return output;
                    }
                );
        }

        Predict(golden, unet);

        Assert.NotEmpty(rows);
        Assert.All(rows, entry => Assert.Equal([2L], entry.Value));
    }

    [Fact]
    public void A_prediction_leaves_no_tensor_behind_but_its_output()
    {
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);
        var unet = golden.Unet();
        void Run()
        {
            using var scope = NewDisposeScope();
            Predict(golden, unet);
        }
        Run();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        Run();

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    /// <summary>A width of 6 is 3 on the next level and 2 on the one below, which doubles to 4.</summary>
    [Fact]
    public void Samples_need_not_be_multiples_of_the_downsampling()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new NetworkGolden(NetworkGolden.StableDiffusionXl);
        var sample = golden["unet/sample"].narrow(3, 0, 6);

        var output = golden
            .Unet()
            .call(sample, golden["unet/timesteps"], golden["unet/encoder_hidden_states"], Added(golden));

        Assert.Equal(sample.shape, output.shape);
    }

    private static Tensor Predict(NetworkGolden golden, UNet2DConditionModel unet, int? row = null)
    {
        Tensor Row(Tensor tensor) => row is { } index ? tensor.narrow(0, index, 1) : tensor;

        var added = Added(golden);
        return unet.call(
            Row(golden["unet/sample"]),
            Row(golden["unet/timesteps"]),
            Row(golden["unet/encoder_hidden_states"]),
            added is null ? null : new AddedConditions(Row(added.TextEmbeds), Row(added.TimeIds))
        );
    }

    private static AddedConditions? Added(NetworkGolden golden) =>
        golden.File.TryGet("unet/time_ids", out _) ? new(golden["unet/text_embeds"], golden["unet/time_ids"]) : null;
}
