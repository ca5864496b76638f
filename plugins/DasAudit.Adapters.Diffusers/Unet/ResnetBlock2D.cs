using DasAudit.Adapters.Diffusers.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

/// <summary>Which way a <see cref="ResnetBlock2D"/> changes height and width.</summary>
internal enum Resample
{
    None,
    Down,
    Up,
}

/// <summary>
/// (norm, SiLU, conv) twice with a shortcut; the time embedding shifts the hidden state before the second norm, or
/// scales and shifts it after. Called with [N, in, H, W] and the already activated time embedding [N, temb]: the
/// activation is the same for every block.
/// </summary>
internal sealed class ResnetBlock2D : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly GroupNorm norm1;
    private readonly Conv2d conv1;
    private readonly Linear time_emb_proj;
    private readonly GroupNorm norm2;
    private readonly Conv2d conv2;
    private readonly Conv2d? conv_shortcut;
    private readonly bool _scaleShift;
    private readonly double _dropout;
    private readonly double _outputScale;
    private readonly Resample _resample;

    internal ResnetBlock2D(
        ResnetSettings settings,
        int inChannels,
        int outChannels,
        double outputScale = 1,
        Resample resample = Resample.None
    )
        : base(nameof(ResnetBlock2D))
    {
        norm1 = nn.GroupNorm(settings.NormNumGroups, inChannels, settings.NormEps);
        conv1 = Unfilled.Conv2d(inChannels, outChannels, 3, padding: 1);
        time_emb_proj = Unfilled.Linear(settings.TimeEmbeddingDim, settings.ScaleShift ? 2 * outChannels : outChannels);
        norm2 = nn.GroupNorm(settings.NormNumGroups, outChannels, settings.NormEps);
        conv2 = Unfilled.Conv2d(outChannels, outChannels, 3, padding: 1);
        conv_shortcut = inChannels == outChannels ? null : Unfilled.Conv2d(inChannels, outChannels, 1);
        _scaleShift = settings.ScaleShift;
        _dropout = settings.Dropout;
        _outputScale = outputScale;
        _resample = resample;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor activatedTime)
    {
        using var scope = NewDisposeScope();
        var hidden = nn.functional.silu(norm1.CallRowMajor(input));
        hidden = conv1.call(Resized(hidden));
        var time = time_emb_proj.call(activatedTime).unsqueeze(-1).unsqueeze(-1);
        if (_scaleShift)
        {
            var scaleAndShift = time.chunk(2, 1);
            hidden = norm2.CallRowMajor(hidden) * (1 + scaleAndShift[0]) + scaleAndShift[1];
        }
        else
        {
            hidden = norm2.CallRowMajor(hidden + time);
        }
        hidden = nn.functional.silu(hidden);
        if (training && _dropout > 0)
            hidden = nn.functional.dropout(hidden, _dropout);
        hidden = conv2.call(hidden);
        var shortcut = Resized(input);
        if (conv_shortcut is not null)
            shortcut = conv_shortcut.call(shortcut);
        var output = shortcut + hidden;
        return (_outputScale == 1 ? output : output / _outputScale).MoveToOuterDisposeScope();
    }

    private Tensor Resized(Tensor input) =>
        _resample switch
        {
            Resample.Down => nn.functional.avg_pool2d(input, 2, 2),
            Resample.Up => Upsample2D.Double(input),
            _ => input,
        };
}
