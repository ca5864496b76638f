using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Unet;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Tests;

/// <summary>What a per-sample gradient engine and a trainer rely on.</summary>
public class NetworkTests
{
    public static TheoryData<string> Checkpoints => [.. Golden.Names];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Every_layer_with_parameters_is_called_once_so_that_its_hooks_fire(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden(name);
        var calls = new Dictionary<string, int>();
        foreach (var (layerName, module) in golden.Unet.named_modules())
        {
            if (!module.named_parameters(recurse: false).Any())
                continue;
            calls[layerName] = 0;
            Assert
                .IsType<nn.Module<Tensor, Tensor>>(module, exactMatch: false)
                .register_forward_hook(
                    (_, _, output) =>
                    {
                        calls[layerName]++;
                        return output;
                    }
                );
        }

        golden.Predict();

        Assert.NotEmpty(calls);
        Assert.All(calls, entry => Assert.Equal(1, entry.Value));
    }

    [Fact]
    public void A_prediction_leaves_no_tensor_behind_but_its_output()
    {
        using var golden = new Golden("ddpm-celeba-like/scale-shift");
        using var sample = golden.File.Read("sample");
        using var timesteps = golden.File.Read("timesteps");
        golden.Model.Predict(sample, timesteps).Dispose();
        // Counted for this thread alone: other tests run beside this one.
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

        for (var i = 0; i < 3; i++)
            golden.Model.Predict(sample, timesteps).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_model_outlives_the_scope_it_was_loaded_in(string name)
    {
        DasAudit.Abstractions.IDiffusionModel model;
        using (NewDisposeScope())
            model = Golden.Load(GoldenFiles.PathOf(name));
        using var golden = new Golden(name);

        using (model)
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            Assert.Equal(
                golden.Unet.named_parameters().Select(entry => entry.name),
                model.Network.named_parameters().Select(entry => entry.name)
            );
            Assert.Equal(0, Golden.MaxAbs(golden.Predict(), golden.Predict(model)));
        }
    }

    [Fact]
    public void Dropout_acts_in_training_and_not_in_evaluation()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden("ddpm-celeba-like/class-cond");

        Assert.Equal(0, Golden.MaxAbs(golden.Predict(), golden.Predict()));
        golden.Unet.train();
        Assert.True(Golden.MaxAbs(golden.Predict(), golden.Predict()) > 1e-3);
        golden.Unet.eval();
        Assert.InRange(Golden.MaxAbs(golden.Predict(), golden.File.Read("output")), 0, 5e-5);
    }

    [Fact]
    public void Two_loads_are_independent_copies()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden("ddpm-tiny");
        var before = golden.Predict();
        using (var other = Golden.Load(golden.Folder))
            foreach (var parameter in other.Network.parameters())
                parameter.add_(1);

        Assert.Equal(0, Golden.MaxAbs(before, golden.Predict()));
    }

    [Fact]
    public void The_picture_is_the_sample_and_encoding_is_the_identity()
    {
        using var scope = NewDisposeScope();
        using var golden = new Golden("ddpm-celeba-like/scale-shift");
        var picture = rand(2, 1, 64, 64) * 2 - 1;

        Assert.Equal(new ImageShape(1, 64, 64), golden.Model.PictureShape);
        Assert.Equal(golden.Model.PictureShape, golden.Model.SampleShape);
        Assert.Equal(0, Golden.MaxAbs(picture, golden.Model.Encode(picture)));
        Assert.Equal(0, Golden.MaxAbs(picture, golden.Model.Decode(picture)));
    }

    [Fact]
    public void A_class_conditional_model_encodes_labels_and_refuses_missing_or_unknown_ones()
    {
        using var scope = NewDisposeScope();
        using var golden = new Golden("ddpm-celeba-like/class-cond");
        var conditioned = Assert.IsType<IConditioned>(golden.Model, exactMatch: false);

        Assert.Equal(ConditionKind.ClassLabel, conditioned.Kind);
        var labels = conditioned.EncodeConditions([new(3, null), new(9, null)])["class_labels"];
        Assert.Equal([3L, 9L], labels.data<long>().ToArray());
        Assert.Contains(
            "no class label",
            Assert.Throws<AuditException>(() => conditioned.EncodeConditions([new(null, "a cat")])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "10 is outside",
            Assert.Throws<AuditException>(() => conditioned.EncodeConditions([new(10, null)])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "-1 is outside",
            Assert.Throws<AuditException>(() => conditioned.EncodeConditions([new(-1, null)])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<AuditException>(() =>
            golden.Model.Predict(golden.File.Read("sample"), golden.File.Read("timesteps"))
        );
    }

    [Fact]
    public void An_unconditional_model_has_no_face_for_conditions()
    {
        using var golden = new Golden("ddpm-tiny");

        Assert.False(golden.Model is IConditioned);
    }

    [Fact]
    public void The_label_changes_the_prediction()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var golden = new Golden("ddpm-celeba-like/class-cond");
        var (sample, timesteps) = (golden.File.Read("sample"), golden.File.Read("timesteps"));
        var conditioned = (IConditioned)golden.Model;

        Tensor Predict(int label) =>
            golden.Model.Predict(sample, timesteps, conditioned.EncodeConditions([new(label, null), new(label, null)]));

        Assert.True(Golden.MaxAbs(Predict(0), Predict(1)) > 1e-3);
    }

    [Fact]
    public void Residual_resampling_averages_down_and_repeats_up_before_the_first_convolution()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = UNet2DConfig.Read(TinyConfiguration());
        var input = randn(2, 8, 6, 6);
        var time = randn(2, config.TimeEmbeddingDim);
        foreach (
            var (resample, resize) in new (Resample, Func<Tensor, Tensor>)[]
            {
                (Resample.Down, x => x.view(2, 8, 3, 2, 3, 2).mean([3, 5])),
                (Resample.Up, x => x.repeat_interleave(2, 2).repeat_interleave(2, 3)),
            }
        )
        {
            var block = new ResnetBlock2D(config.Resnets, 8, 8, resample: resample);
            DasAudit.Adapters.Diffusers.Checkpoints.DefaultInitialization.Apply(block, 5);
            var weights = block.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
            Tensor Conv(Tensor x, string layer) =>
                nn.functional.unfold(x, 3, padding: 1)
                    .transpose(1, 2)
                    .matmul(weights[$"{layer}.weight"].flatten(1).t())
                    .transpose(1, 2)
                    .reshape(x.shape) + weights[$"{layer}.bias"].view(1, -1, 1, 1);
            Tensor Activated(Tensor x, string norm) =>
                nn.functional.silu(
                    nn.functional.group_norm(
                        x,
                        config.NormNumGroups,
                        weights[$"{norm}.weight"],
                        weights[$"{norm}.bias"],
                        config.NormEps
                    )
                );

            var shift = (time.matmul(weights["time_emb_proj.weight"].t()) + weights["time_emb_proj.bias"]).view(
                2,
                8,
                1,
                1
            );
            var hidden = Conv(resize(Activated(input, "norm1")), "conv1") + shift;
            var expected = resize(input) + Conv(Activated(hidden, "norm2"), "conv2");

            Assert.InRange(Golden.MaxAbs(expected, block.call(input, time)), 0, 1e-4);
        }
    }

    private static Diffusers.Checkpoints.JsonConfig TinyConfiguration() =>
        Diffusers.Checkpoints.JsonConfig.Read(Path.Combine(GoldenFiles.PathOf("ddpm-tiny"), "unet/config.json"));
}
