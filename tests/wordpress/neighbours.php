<?php
// WordPress asks no addresses of this machine and only usual ports, for good reason; here all sites are on this machine.
add_filter( 'http_request_host_is_external', '__return_true' );
add_filter( 'http_allowed_safe_ports', fn( $ports, $host, $url ) => array( parse_url( $url, PHP_URL_PORT ) ), 10, 3 );
add_filter( 'pre_http_request', fn( $answer, $sent, $url ) => str_contains( $url, '//127.0.0.1:' ) ? $answer : new WP_Error( 'alone', 'no network' ), 10, 3 );
// The widget that classic themes have in their sidebars, in a post: [classic_rss <address>].
add_shortcode( 'classic_rss', function ( $given ) {
	ob_start();
	the_widget( 'WP_Widget_RSS', array( 'url' => $given[0], 'items' => 5, 'show_summary' => 1, 'show_date' => 1 ) );
	return ob_get_clean();
} );
